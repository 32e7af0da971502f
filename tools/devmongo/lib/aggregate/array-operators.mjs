// Operators on arrays and documents whose elements must keep their types, and sums and extremes over lists.
import { MongoError } from '../errors.mjs';
import { setField } from '../bson/values.mjs';
import { compare, equals } from './order.mjs';
import { compile, compileArguments, isDocument, isNullish } from './expressions.mjs';
import { add, isNumber, toDouble, whole } from './numbers.mjs';
import { typeOfValue } from './type-names.mjs';

/** An operator of one array, null for a missing or null one. */
function onArray(code, compute) {
  return (operand, name) => {
    const [argument] = compileArguments(operand);
    return (document, variables) => {
      const value = argument(document, variables);
      if (isNullish(value)) return null;
      if (!Array.isArray(value)) throw new MongoError(code, `${name}'s argument must be an array, but is of type: ${typeOfValue(value)}`);
      return compute(value);
    };
  };
}

function argumentsOf(operand, name, least, most = least) {
  const compiled = compileArguments(operand);
  if (compiled.length < least || compiled.length > most) {
    throw new MongoError(16020, `Expression ${name} takes ${least === most ? 'exactly' : 'at least'} ${least} arguments. ${compiled.length} were passed in.`);
  }
  return compiled;
}

function elementAt(operand, name) {
  const [array, index] = argumentsOf(operand, name, 2);
  return (document, variables) => {
    const values = array(document, variables);
    const at = index(document, variables);
    if (isNullish(values) || isNullish(at)) return null;
    if (!Array.isArray(values)) throw new MongoError(28689, `${name}'s first argument must be an array, but is ${typeOfValue(values)}`);
    return values.at(toDouble(at));
  };
}

function slice(operand, name) {
  const [array, first, second] = argumentsOf(operand, name, 2, 3);
  return (document, variables) => {
    const values = array(document, variables);
    if (isNullish(values)) return null;
    if (!Array.isArray(values)) throw new MongoError(28724, `First argument to $slice must be an array, but is of type: ${typeOfValue(values)}`);
    const a = toDouble(first(document, variables));
    if (second === undefined) return a >= 0 ? values.slice(0, a) : values.slice(a);
    const start = a >= 0 ? a : Math.max(0, values.length + a);
    return values.slice(start, start + toDouble(second(document, variables)));
  };
}

function concat(operand) {
  const arrays = compileArguments(operand);
  return (document, variables) => {
    const all = [];
    for (const array of arrays) {
      const values = array(document, variables);
      if (isNullish(values)) return null;
      if (!Array.isArray(values)) throw new MongoError(28664, `$concatArrays only supports arrays, not ${typeOfValue(values)}`);
      all.push(...values);
    }
    return all;
  };
}

function isIn(operand, name) {
  const [needle, array] = argumentsOf(operand, name, 2);
  return (document, variables) => {
    const values = array(document, variables);
    if (!Array.isArray(values)) throw new MongoError(40081, `${name} requires an array as a second argument, found: ${typeOfValue(values)}`);
    const value = needle(document, variables);
    return values.some(each => equals(each, value));
  };
}

/** The values of an operator that takes a list or one array of values. */
function spread(operand) {
  const terms = compileArguments(operand);
  return (document, variables) => {
    if (terms.length > 1) return terms.map(term => term(document, variables));
    const value = terms[0](document, variables);
    return Array.isArray(value) ? value : [value];
  };
}

function fold(compute) {
  return operand => {
    const values = spread(operand);
    return (document, variables) => compute(values(document, variables));
  };
}

export function sum(values) {
  let total = whole(0);
  for (const value of values) if (isNumber(value)) total = add(total, value);
  return total;
}

function average(values) {
  const counted = values.filter(isNumber);
  return counted.length === 0 ? null : toDouble(sum(counted)) / counted.length;
}

/** The least (`sign` 1) or greatest (-1) value that is not null. */
export function extreme(values, sign) {
  let best = null;
  for (const value of values) {
    if (isNullish(value)) continue;
    if (best === null || compare(value, best) * sign < 0) best = value;
  }
  return best;
}

export function standardDeviation(values, isSample) {
  const counted = values.filter(isNumber).map(toDouble);
  if (counted.length === 0 || (isSample && counted.length < 2)) return null;
  const mean = counted.reduce((a, b) => a + b, 0) / counted.length;
  const squares = counted.reduce((total, value) => total + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (isSample ? counted.length - 1 : counted.length));
}

export function mergeObjects(values) {
  const merged = {};
  for (const value of values) {
    if (isNullish(value)) continue;
    if (!isDocument(value)) throw new MongoError(40400, `$mergeObjects requires object inputs, but input is of type ${typeOfValue(value)}`);
    for (const name of Object.keys(value)) setField(merged, name, value[name]);
  }
  return merged;
}

function objectToArray(operand, name) {
  const argument = compile(Array.isArray(operand) ? operand[0] : operand);
  return (document, variables) => {
    const value = argument(document, variables);
    if (isNullish(value)) return null;
    if (!isDocument(value)) throw new MongoError(40390, `${name} requires a document input, found: ${typeOfValue(value)}`);
    return Object.keys(value).map(key => ({ k: key, v: value[key] }));
  };
}

function arrayToObject(values) {
  const result = {};
  for (const pair of values) {
    const [key, value] = Array.isArray(pair) ? pair : [pair?.k, pair?.v];
    if (typeof key !== 'string') throw new MongoError(40394, '$arrayToObject requires an array of key-value pairs, where the key must be of type string.');
    setField(result, key, value);
  }
  return result;
}

export const arrayOperators = {
  $size(operand, name) {
    const [argument] = compileArguments(operand);
    return (document, variables) => {
      const value = argument(document, variables);
      if (!Array.isArray(value)) throw new MongoError(17124, `The argument to ${name} must be an array, but was of type: ${typeOfValue(value)}`);
      return whole(value.length);
    };
  },
  $isArray(operand) {
    const [argument] = compileArguments(operand);
    return (document, variables) => Array.isArray(argument(document, variables));
  },
  $first: onArray(28689, values => values[0]),
  $last: onArray(28689, values => values.at(-1)),
  $reverseArray: onArray(34435, values => [...values].reverse()),
  $arrayToObject: onArray(40386, arrayToObject),
  $objectToArray: objectToArray,
  $arrayElemAt: elementAt,
  $slice: slice,
  $concatArrays: concat,
  $in: isIn,
  $sum: fold(sum),
  $avg: fold(average),
  $min: fold(values => extreme(values, 1)),
  $max: fold(values => extreme(values, -1)),
  $stdDevPop: fold(values => standardDeviation(values, false)),
  $stdDevSamp: fold(values => standardDeviation(values, true)),
  $mergeObjects: fold(mergeObjects),
};
