// MongoDB's order of values, on values in buffers.
import { Decimal128 } from 'bson';
import {
  ARRAY, BINARY, BOOL, CODE, CODE_WITH_SCOPE, DATE, DB_POINTER, DECIMAL, DOUBLE, INT32, INT64, MAX_KEY, MIN_KEY, NULL, OBJECT,
  OBJECT_ID, REGEX, STRING, SYMBOL, TIMESTAMP, UNDEFINED, Elements, readInt32, readInt64, valueEnd,
} from './raw.mjs';

const RANKS = new Uint8Array(256);
for (const [type, rank] of [[MIN_KEY, 1], [UNDEFINED, 2], [NULL, 3], [INT32, 4], [DOUBLE, 4], [INT64, 4], [DECIMAL, 4], [STRING, 5],
  [SYMBOL, 5], [OBJECT, 6], [ARRAY, 7], [BINARY, 8], [OBJECT_ID, 9], [BOOL, 10], [DATE, 11], [TIMESTAMP, 12], [REGEX, 13],
  [DB_POINTER, 14], [CODE, 15], [CODE_WITH_SCOPE, 16], [MAX_KEY, 17]]) RANKS[type] = rank;

/** The place of a type in the order of types; types of one rank compare by value. */
export function typeRank(type) {
  return RANKS[type];
}

/** A numeric value as a double, or as a bigint where a double would not hold it. */
export function readNumber(buf, type, at) {
  switch (type) {
    case INT32: return readInt32(buf, at);
    case DOUBLE: return buf.readDoubleLE(at);
    case INT64: {
      const approximate = readInt64(buf, at);
      return Number.isSafeInteger(approximate) ? approximate : buf.readBigInt64LE(at);
    }
    default: return Number(new Decimal128(buf.subarray(at, at + 16)).toString());
  }
}

export function compareNumbers(a, b) {
  if (a < b) return -1;
  if (a > b) return 1;
  // eslint-disable-next-line eqeqeq -- a bigint and a number of the same value are equal here.
  if (a == b) return 0;
  const aIsNaN = Number.isNaN(a);
  if (aIsNaN && Number.isNaN(b)) return 0;
  return aIsNaN ? -1 : 1;
}

function compareBytes(bufA, a, endA, bufB, b, endB) {
  const n = Math.min(endA - a, endB - b);
  for (let i = 0; i < n; i++) {
    const d = bufA[a + i] - bufB[b + i];
    if (d !== 0) return d;
  }
  return (endA - a) - (endB - b);
}

export function sameBytes(bufA, a, bufB, b, length) {
  for (let i = 0; i < length; i++) if (bufA[a + i] !== bufB[b + i]) return false;
  return true;
}

function compareInt64(bufA, a, bufB, b, signed) {
  const high = signed ? readInt32(bufA, a + 4) - readInt32(bufB, b + 4)
    : (readInt32(bufA, a + 4) >>> 0) - (readInt32(bufB, b + 4) >>> 0);
  return high !== 0 ? high : (readInt32(bufA, a) >>> 0) - (readInt32(bufB, b) >>> 0);
}

/** Negative, 0 or positive, as `a` sorts before, with or after `b`. */
export function compareValues(bufA, typeA, a, bufB, typeB, b) {
  const rank = RANKS[typeA];
  if (rank !== RANKS[typeB]) return rank - RANKS[typeB];
  switch (typeA) {
    case INT32:
    case DOUBLE:
    case INT64:
    case DECIMAL:
      return compareNumbers(readNumber(bufA, typeA, a), readNumber(bufB, typeB, b));
    case STRING:
    case SYMBOL:
    case CODE:
      return compareBytes(bufA, a + 4, a + 3 + readInt32(bufA, a), bufB, b + 4, b + 3 + readInt32(bufB, b));
    case OBJECT:
    case ARRAY:
      return compareDocuments(bufA, a, bufB, b, typeA === ARRAY);
    case BINARY: {
      const length = readInt32(bufA, a) - readInt32(bufB, b);
      if (length !== 0) return length;
      return compareBytes(bufA, a + 4, a + 5 + readInt32(bufA, a), bufB, b + 4, b + 5 + readInt32(bufB, b));
    }
    case DATE: return compareInt64(bufA, a, bufB, b, true);
    case TIMESTAMP: return compareInt64(bufA, a, bufB, b, false);
    default: return compareBytes(bufA, a, valueEnd(bufA, typeA, a), bufB, b, valueEnd(bufB, typeB, b));
  }
}

/** Documents compare element by element: type, then name, then value; arrays by their values alone. */
function compareDocuments(bufA, a, bufB, b, areArrays = false) {
  const left = new Elements(bufA, a);
  const right = new Elements(bufB, b);
  for (;;) {
    const more = left.next();
    if (!right.next()) return more ? 1 : 0;
    if (!more) return -1;
    let d = RANKS[left.type] - RANKS[right.type];
    if (d !== 0) return d;
    if (!areArrays) d = compareBytes(bufA, left.nameStart, left.nameEnd, bufB, right.nameStart, right.nameEnd);
    if (d !== 0) return d;
    d = compareValues(bufA, left.type, left.value, bufB, right.type, right.value);
    if (d !== 0) return d;
  }
}
