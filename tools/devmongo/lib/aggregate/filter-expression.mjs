import { MongoError } from '../errors.mjs';
export function compileFilterExpression() {
  throw new MongoError('BadValue', '$expr is not supported yet');
}
