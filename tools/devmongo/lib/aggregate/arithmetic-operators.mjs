import { MongoError } from '../errors.mjs';
import { compare } from './order.mjs';
import { compileArguments, isNullish } from './expressions.mjs';
import * as numbers from './numbers.mjs';
import { typeOfValue } from './type-names.mjs';

function notNumeric(name, value, also = '') {
  return new MongoError('TypeMismatch', `${name} only supports numeric${also} types, not ${typeOfValue(value)}`);
}

function exactly(operand, name, count) {
  const compiled = compileArguments(operand);
  if (compiled.length !== count) {
    throw new MongoError(16020, `Expression ${name} takes exactly ${count} arguments. ${compiled.length} were passed in.`);
  }
  return compiled;
}

function add(operand, name) {
  const terms = compileArguments(operand);
  return (document, variables) => {
    let sum = numbers.whole(0);
    let date;
    for (const term of terms) {
      const value = term(document, variables);
      if (isNullish(value)) return null;
      if (value instanceof Date) {
        if (date !== undefined) throw new MongoError(16612, 'only one date allowed in an $add expression');
        date = value;
      } else if (numbers.isNumber(value)) {
        sum = numbers.add(sum, value);
      } else {
        throw notNumeric(name, value, ' or date');
      }
    }
    return date === undefined ? sum : new Date(date.getTime() + Math.round(numbers.toDouble(sum)));
  };
}

function subtract(operand, name) {
  const [left, right] = exactly(operand, name, 2);
  return (document, variables) => {
    const a = left(document, variables);
    const b = right(document, variables);
    if (isNullish(a) || isNullish(b)) return null;
    if (numbers.isNumber(a) && numbers.isNumber(b)) return numbers.subtract(a, b);
    if (a instanceof Date && b instanceof Date) return BigInt(a.getTime() - b.getTime());
    if (a instanceof Date && numbers.isNumber(b)) return new Date(a.getTime() - Math.round(numbers.toDouble(b)));
    throw new MongoError('TypeMismatch', `can't $subtract ${typeOfValue(b)} from ${typeOfValue(a)}`);
  };
}

function multiply(operand, name) {
  const factors = compileArguments(operand);
  return (document, variables) => {
    let product = numbers.whole(1);
    for (const factor of factors) {
      const value = factor(document, variables);
      if (isNullish(value)) return null;
      if (!numbers.isNumber(value)) throw notNumeric(name, value);
      product = numbers.multiply(product, value);
    }
    return product;
  };
}

/** An operator of two numbers, null if either is. */
function binary(compute) {
  return (operand, name) => {
    const [left, right] = exactly(operand, name, 2);
    return (document, variables) => {
      const a = left(document, variables);
      const b = right(document, variables);
      if (isNullish(a) || isNullish(b)) return null;
      if (!numbers.isNumber(a)) throw notNumeric(name, a);
      if (!numbers.isNumber(b)) throw notNumeric(name, b);
      return compute(a, b);
    };
  };
}

/** An operator of one number, null if that is. */
function unary(compute) {
  return (operand, name) => {
    const [argument] = exactly(operand, name, 1);
    return (document, variables) => {
      const value = argument(document, variables);
      if (isNullish(value)) return null;
      if (!numbers.isNumber(value)) throw notNumeric(name, value);
      return compute(value);
    };
  };
}

function divide(a, b) {
  if (numbers.toDouble(b) === 0) throw new MongoError('BadValue', "can't $divide by zero");
  return numbers.toDouble(a) / numbers.toDouble(b);
}

function modulo(a, b) {
  if (numbers.toDouble(b) === 0) throw new MongoError(16610, "can't $mod by zero");
  return numbers.modulo(a, b);
}

function power(a, b) {
  const result = numbers.toDouble(a) ** numbers.toDouble(b);
  const isWhole = typeof a !== 'number' && typeof b !== 'number' && Number.isSafeInteger(result);
  return isWhole ? numbers.whole(result) : result;
}

function rounding(round) {
  return (operand, name) => {
    const [argument, place] = compileArguments(operand);
    return (document, variables) => {
      const value = argument(document, variables);
      const digits = place === undefined ? 0 : place(document, variables);
      if (isNullish(value) || isNullish(digits)) return null;
      if (!numbers.isNumber(value)) throw notNumeric(name, value);
      const scale = 10 ** numbers.toDouble(digits);
      return numbers.keepType(value, number => {
        const scaled = number * scale;
        return Number.isFinite(scaled) && scale !== 1 ? round(Number(scaled.toPrecision(15))) / scale : round(number);
      });
    };
  };
}

/** To the nearest, and to the even one of two that are as near. */
function roundHalfEven(number) {
  const floor = Math.floor(number);
  const rest = number - floor;
  if (rest !== 0.5) return Math.round(number);
  return floor % 2 === 0 ? floor : floor + 1;
}

function comparison(accept) {
  return (operand, name) => {
    const [left, right] = exactly(operand, name, 2);
    return (document, variables) => accept(compare(left(document, variables), right(document, variables)));
  };
}

export const arithmeticOperators = {
  $add: add,
  $subtract: subtract,
  $multiply: multiply,
  $divide: binary(divide),
  $mod: binary(modulo),
  $pow: binary(power),
  $log: binary((a, b) => Math.log(numbers.toDouble(a)) / Math.log(numbers.toDouble(b))),
  $abs: unary(value => numbers.keepType(value, Math.abs)),
  $ceil: unary(value => numbers.keepType(value, Math.ceil)),
  $floor: unary(value => numbers.keepType(value, Math.floor)),
  $sqrt: unary(value => Math.sqrt(numbers.toDouble(value))),
  $exp: unary(value => Math.exp(numbers.toDouble(value))),
  $ln: unary(value => Math.log(numbers.toDouble(value))),
  $log10: unary(value => Math.log10(numbers.toDouble(value))),
  $round: rounding(roundHalfEven),
  $trunc: rounding(Math.trunc),
  $cmp: comparison(order => numbers.whole(Math.sign(order))),
  $eq: comparison(order => order === 0),
  $ne: comparison(order => order !== 0),
  $gt: comparison(order => order > 0),
  $gte: comparison(order => order >= 0),
  $lt: comparison(order => order < 0),
  $lte: comparison(order => order <= 0),
};
