// $expr in a filter.
import { decodeDocument, decodeValue } from '../bson/values.mjs';
import { compile, truthy } from './expressions.mjs';

export function compileFilterExpression(operand, variables = {}) {
  const expression = compile(decodeValue(operand.buf, operand.type, operand.start));
  const bound = { NOW: new Date(), ...variables };
  return (buf, at) => truthy(expression(decodeDocument(buf, at), bound));
}
