// The rest of the expression language comes from mingo. Its numbers are JavaScript's, so whole results become int32
// where they fit, except where MongoDB always gives another type.
import operators from 'mingo/operators/expression';
import core from 'mingo/core';
import { MongoError } from '../errors.mjs';
import { plain } from '../bson/values.mjs';
import { compile, isDocument } from './expressions.mjs';
import { whole } from './numbers.mjs';

const DOUBLES = new Set(['$sin', '$cos', '$tan', '$asin', '$acos', '$atan', '$atan2', '$sinh', '$cosh', '$tanh', '$asinh', '$acosh', '$atanh',
  '$degreesToRadians', '$radiansToDegrees', '$rand']);
const LONGS = new Set(['$dateDiff']);
const REFUSED = new Set(['$function', '$accumulator', '$where', '$toHashedIndexKey']);

// The options that mingo evaluates with; made once, which it would do for each document.
const options = (() => {
  let made;
  const expression = { ...operators, $capture: (document, operand, given) => { made = given; } };
  core.computeValue({}, null, '$capture', { context: core.Context.init({ expression }) });
  return made;
})();

export function hasMingoOperator(name) {
  return !REFUSED.has(name) && Object.hasOwn(operators, name);
}

/** An operator of mingo's on evaluated arguments; undefined if mingo does not have it. */
export function mingoOperator(name, operand) {
  if (!hasMingoOperator(name)) return undefined;
  const args = literals(operand);
  return (document, variables) => {
    let result;
    try {
      result = operators[name]({}, args(document, variables), options);
    } catch (error) {
      throw new MongoError('BadValue', `${name}: ${error.message}`);
    }
    return typed(result, name);
  };
}

/** Evaluates arguments here and hands them over as literals. */
function literals(operand) {
  if (Array.isArray(operand)) {
    const items = operand.map(compile);
    return (document, variables) => items.map(item => ({ $literal: plain(item(document, variables)) }));
  }
  if (isDocument(operand) && !Object.keys(operand).some(field => field.startsWith('$'))) {
    const fields = Object.entries(operand).map(([field, value]) => [field, compile(value)]);
    return (document, variables) => Object.fromEntries(fields.map(([field, value]) => [field, { $literal: plain(value(document, variables)) }]));
  }
  const single = compile(operand);
  return (document, variables) => ({ $literal: plain(single(document, variables)) });
}

/** A result of mingo's in our value types. */
export function typed(value, name = undefined) {
  if (typeof value === 'number') {
    if (LONGS.has(name)) return BigInt(value);
    return Number.isSafeInteger(value) && !DOUBLES.has(name) ? whole(value) : value;
  }
  if (Array.isArray(value)) return value.map(item => typed(item, name));
  if (isDocument(value)) return Object.fromEntries(Object.entries(value).map(([field, each]) => [field, typed(each, name)]));
  return value;
}
