// $inc and $mul with MongoDB's number types: int32 grows to int64 where it must, a double makes the result a double,
// and an int64 that overflows is an error.
import { Decimal128 } from 'bson';
import { MongoError } from '../errors.mjs';
import { readNumber } from '../bson/compare.mjs';
import { DECIMAL, DOUBLE, INT32, INT64, RawValue, readInt32 } from '../bson/raw.mjs';
import { doubleValue, int32Value, int64Value } from './tree.mjs';

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

export function combine(left, right, operator) {
  if (left.type === DECIMAL || right.type === DECIMAL) {
    return decimalValue(compute(Number(numberOf(left)), Number(numberOf(right)), operator));
  }
  if (left.type === DOUBLE || right.type === DOUBLE) {
    return doubleValue(compute(Number(numberOf(left)), Number(numberOf(right)), operator));
  }
  if (left.type === INT32 && right.type === INT32) {
    const result = compute(readInt32(left.buf, left.start), readInt32(right.buf, right.start), operator);
    return (result | 0) === result ? int32Value(result) : int64Value(BigInt(result));
  }
  const result = operator === '$mul' ? BigInt(numberOf(left)) * BigInt(numberOf(right)) : BigInt(numberOf(left)) + BigInt(numberOf(right));
  if (result < MIN_INT64 || result > MAX_INT64) {
    throw new MongoError('BadValue', `Failed to apply ${operator} operations to current value (${numberOf(left)})`);
  }
  return int64Value(result);
}

/** What $mul makes of a field that is not there: a zero of the operand's type. */
export function zeroLike(operand) {
  switch (operand.type) {
    case INT32: return int32Value(0);
    case INT64: return int64Value(0n);
    case DOUBLE: return doubleValue(0);
    default: return decimalValue(0);
  }
}

function compute(a, b, operator) {
  return operator === '$mul' ? a * b : a + b;
}

function numberOf({ buf, type, start }) {
  return readNumber(buf, type, start);
}

function decimalValue(number) {
  return new RawValue(DECIMAL, Buffer.from(Decimal128.fromString(String(number)).bytes), 0, 16);
}
