// Arithmetic on BSON's number types, as values.mjs holds them: a double is a number, an int32 an Int32, an int64 a bigint.
import { Int32 } from 'bson';

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

export function isNumber(value) {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Int32;
}

/** The number as a double. */
export function toDouble(value) {
  return typeof value === 'number' ? value : Number(value instanceof Int32 ? value.value : value);
}

/** A whole number in the narrowest type that holds it. */
export function whole(number) {
  return (number | 0) === number ? new Int32(number) : BigInt(number);
}

/** An int64 if it fits one, else a double: what MongoDB's sums do when they overflow. */
function long(bigint) {
  return bigint >= MIN_INT64 && bigint <= MAX_INT64 ? bigint : Number(bigint);
}

function toBigInt(value) {
  return typeof value === 'bigint' ? value : BigInt(value.value);
}

function operate(a, b, onDoubles, onBigInts) {
  if (typeof a === 'number' || typeof b === 'number') return onDoubles(toDouble(a), toDouble(b));
  if (a instanceof Int32 && b instanceof Int32) {
    const result = onDoubles(a.value, b.value);
    if (Number.isSafeInteger(result)) return whole(result);
  }
  return long(onBigInts(toBigInt(a), toBigInt(b)));
}

export function add(a, b) {
  return operate(a, b, (x, y) => x + y, (x, y) => x + y);
}

export function subtract(a, b) {
  return operate(a, b, (x, y) => x - y, (x, y) => x - y);
}

export function multiply(a, b) {
  return operate(a, b, (x, y) => x * y, (x, y) => x * y);
}

/** The remainder; the caller has checked that `b` is not zero. */
export function modulo(a, b) {
  return operate(a, b, (x, y) => x % y, (x, y) => x % y);
}

/** Applies a function of doubles that gives whole numbers, keeping the type of its argument. */
export function keepType(value, onDouble) {
  if (typeof value === 'number') return onDouble(value);
  return value instanceof Int32 ? whole(onDouble(value.value)) : long(BigInt(onDouble(Number(value))));
}
