// The operators of a filter on one field, as tests of a value in place. `expand` says whether an array's elements count.
import { MongoError } from '../errors.mjs';
import { compareValues, readNumber, typeRank } from '../bson/compare.mjs';
import { keyText } from '../bson/keys.mjs';
import {
  ARRAY, BOOL, DOUBLE, MAX_KEY, MIN_KEY, NULL, OBJECT, REGEX, STRING, SYMBOL, UNDEFINED, Elements, RawValue, isNumeric, readString,
  typeName, typeNumber,
} from '../bson/raw.mjs';
import { MISSING } from './paths.mjs';

function isNullish(type) {
  return type === MISSING || type === NULL || type === UNDEFINED;
}

function isNaNValue(buf, type, at) {
  return type === DOUBLE && Number.isNaN(buf.readDoubleLE(at));
}

export function equal(operand) {
  const { type: wanted, buf: from, start } = operand;
  if (isNullish(wanted)) return (buf, type) => isNullish(type);
  if (wanted === REGEX) return matchesRegex(regexOf(operand), operand);
  const rank = typeRank(wanted);
  return (buf, type, at) => typeRank(type) === rank && compareValues(buf, type, at, from, wanted, start) === 0;
}

/** A test for this very value, also if it is a regular expression. */
function sameAs({ type: wanted, buf: from, start }) {
  return (buf, type, at) => type === wanted && compareValues(buf, type, at, from, wanted, start) === 0;
}

/** `accept` takes the sign of the comparison; values of another kind than the operand never match. */
function ordered(operand, accept, includesEqual) {
  const { type: wanted, buf: from, start } = operand;
  if (wanted === REGEX) throw new MongoError('BadValue', "Can't have RegEx as arg to predicate over field.");
  if (isNullish(wanted)) return (buf, type) => includesEqual && isNullish(type);
  const rank = typeRank(wanted);
  const isExtreme = wanted === MIN_KEY || wanted === MAX_KEY;
  const operandIsNaN = isNaNValue(from, wanted, start);
  return (buf, type, at) => {
    if (type === MISSING) return false;
    if (typeRank(type) !== rank) return isExtreme && accept(typeRank(type) - rank);
    if (operandIsNaN || isNaNValue(buf, type, at)) return includesEqual && operandIsNaN && isNaNValue(buf, type, at);
    return accept(compareValues(buf, type, at, from, wanted, start));
  };
}

function regexOf(value, options) {
  if (value.type === STRING) return buildRegex(readString(value.buf, value.start), options ?? '');
  const middle = value.buf.indexOf(0, value.start);
  return buildRegex(value.buf.utf8Slice(value.start, middle), options ?? value.buf.latin1Slice(middle + 1, value.end - 1));
}

function buildRegex(pattern, options) {
  const bad = /[^imsx]/.exec(options);
  if (bad !== null) throw new MongoError(51108, `invalid flag in regex options: ${bad[0]}`);
  const source = options.includes('x') ? pattern.replace(/\\.|#.*$|\s+/gm, part => (part[0] === '\\' ? part : '')) : pattern;
  try {
    return new RegExp(source, options.replace(/x/g, ''));
  } catch (error) {
    throw new MongoError(51091, `Regular expression is invalid: ${error.message}`);
  }
}

function matchesRegex(regex, original) {
  return (buf, type, at) => {
    if (type === STRING || type === SYMBOL) return regex.test(readString(buf, at));
    return type === REGEX && original.type === REGEX && compareValues(buf, type, at, original.buf, REGEX, original.start) === 0;
  };
}

/** The values of an operator that takes an array. */
export function listOf(operand, operator) {
  if (operand.type !== ARRAY) throw new MongoError('BadValue', `${operator} needs an array`);
  const values = [];
  for (const it = new Elements(operand.buf, operand.start); it.next();) values.push(RawValue.at(it.buf, it.type, it.value));
  return values;
}

export function isIn(operand, operator = '$in') {
  const values = listOf(operand, operator);
  const tests = [];
  const others = [];
  for (const value of values) {
    if (value.type === REGEX || isNullish(value.type)) tests.push(equal(value));
    else if (value.type === OBJECT && value.buf[value.start + 5] === 0x24 && value.buf[value.start + 4] !== 0) {
      throw new MongoError('BadValue', `cannot nest $ under ${operator}`);
    } else others.push(value);
  }
  // Often an index answers the question and the test never runs.
  let keys;
  return (buf, type, at) => {
    keys ??= new Set(others.map(value => keyText(value.buf, value.type, value.start)));
    if (type !== MISSING && keys.size > 0 && keys.has(keyText(buf, type, at))) return true;
    for (const test of tests) if (test(buf, type, at)) return true;
    return false;
  };
}

function truth(operand) {
  if (operand.type === BOOL) return operand.buf[operand.start] === 1;
  return isNumeric(operand.type) ? Number(readNumber(operand.buf, operand.type, operand.start)) !== 0 : !isNullish(operand.type);
}

function wholeNumber(operand, operator) {
  const value = isNumeric(operand.type) ? Number(readNumber(operand.buf, operand.type, operand.start)) : NaN;
  if (!Number.isInteger(value)) throw new MongoError('BadValue', `Failed to parse ${operator}. Expected an integer`);
  return value;
}

function size(operand) {
  const wanted = wholeNumber(operand, '$size');
  if (wanted < 0) throw new MongoError('BadValue', 'Failed to parse $size. Expected a non-negative number');
  return (buf, type, at) => {
    if (type !== ARRAY) return false;
    let count = 0;
    for (const it = new Elements(buf, at); it.next();) count++;
    return count === wanted;
  };
}

function ofType(operand) {
  const wanted = new Set();
  for (const value of operand.type === ARRAY ? listOf(operand, '$type') : [operand]) {
    const name = value.type === STRING ? readString(value.buf, value.start) : typeName(wholeNumber(value, '$type') & 255);
    if (name === 'number') ['int', 'long', 'double', 'decimal'].forEach(each => wanted.add(typeNumber(each)));
    else if (typeNumber(name) === undefined) throw new MongoError('BadValue', `Unknown type name alias: ${name}`);
    else wanted.add(typeNumber(name));
  }
  return (buf, type) => wanted.has(type);
}

function modulo(operand) {
  const values = listOf(operand, '$mod');
  if (values.length !== 2) throw new MongoError('BadValue', 'malformed mod, not enough elements');
  const [divisor, remainder] = values.map(value => Math.trunc(Number(isNumeric(value.type) ? readNumber(value.buf, value.type, value.start) : NaN)));
  if (!(divisor !== 0)) throw new MongoError('BadValue', 'divisor cannot be 0');
  return (buf, type, at) => isNumeric(type) && Math.trunc(Number(readNumber(buf, type, at))) % divisor === remainder;
}

/** One operator on a field: `{test, expand, negated}`, or undefined if it is none of these. */
export function predicate(operator, operand) {
  switch (operator) {
    case '$eq': return { test: operand.type === REGEX ? sameAs(operand) : equal(operand), expand: true };
    case '$ne':
      if (operand.type === REGEX) throw new MongoError('BadValue', "Can't have regex as arg to $ne.");
      return { test: equal(operand), expand: true, negated: true };
    case '$gt': return { test: ordered(operand, sign => sign > 0, false), expand: true };
    case '$gte': return { test: ordered(operand, sign => sign >= 0, true), expand: true };
    case '$lt': return { test: ordered(operand, sign => sign < 0, false), expand: true };
    case '$lte': return { test: ordered(operand, sign => sign <= 0, true), expand: true };
    case '$in': return { test: isIn(operand), expand: true };
    case '$nin': return { test: isIn(operand, '$nin'), expand: true, negated: true };
    case '$exists': return { test: (buf, type) => type !== MISSING, expand: false, negated: !truth(operand) };
    case '$type': return { test: ofType(operand), expand: true };
    case '$size': return { test: size(operand), expand: false };
    case '$mod': return { test: modulo(operand), expand: true };
    default: return undefined;
  }
}

export function regexPredicate(operand, options) {
  if (operand.type !== STRING && operand.type !== REGEX) throw new MongoError('BadValue', '$regex has to be a string');
  return { test: matchesRegex(regexOf(operand, options), operand), expand: true };
}
