// Dates and their parts, where null and missing need care; the rest of the date operators is mingo's.
import { MongoError } from '../errors.mjs';
import { compile, isDocument, isNullish } from './expressions.mjs';
import { mingoOperator } from './mingo-operators.mjs';
import { isNumber, toDouble } from './numbers.mjs';
import { typeOfValue } from './type-names.mjs';

const PARTS = ['$year', '$month', '$dayOfMonth', '$dayOfYear', '$dayOfWeek', '$hour', '$minute', '$second', '$millisecond', '$week', '$isoWeek',
  '$isoWeekYear', '$isoDayOfWeek', '$dateToParts'];

/** A part of a date, given as the date or as `{date, timezone}`; null for no date. */
function part(operand, name) {
  const given = Array.isArray(operand) && operand.length === 1 ? operand[0] : operand;
  const date = compile(isDocument(given) && 'date' in given ? given.date : given);
  const compute = mingoOperator(name, given);
  return (document, variables) => {
    const value = date(document, variables);
    if (isNullish(value)) return null;
    if (!(value instanceof Date)) throw new MongoError(16006, `can't convert from BSON type ${typeOfValue(value)} to Date`);
    return compute(document, variables);
  };
}

function fromParts(operand, name) {
  if (!isDocument(operand) || operand.year === undefined) throw new MongoError(40516, `${name} requires either 'year' or 'isoWeekYear' to be present`);
  const { year, month, day, hour, minute, second, millisecond, ...others } = operand;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new MongoError('CommandNotSupported', `${name} with '${other}' is not supported by this server`);
  const parts = [[year, 1970], [month, 1], [day, 1], [hour, 0], [minute, 0], [second, 0], [millisecond, 0]]
    .map(([expression, otherwise]) => ({ value: expression === undefined ? () => otherwise : compile(expression) }));
  return (document, variables) => {
    const numbers = parts.map(({ value }) => value(document, variables));
    if (numbers.some(isNullish)) return null;
    if (!numbers.every(isNumber)) throw new MongoError(40515, `${name} requires whole numbers`);
    const [y, m, ...rest] = numbers.map(toDouble);
    return new Date(Date.UTC(y, m - 1, ...rest));
  };
}

export const dateOperators = { ...Object.fromEntries(PARTS.map(name => [name, part])), $dateFromParts: fromParts };
