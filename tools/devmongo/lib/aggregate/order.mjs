// Order, equality and keys of decoded values.
import { Int32 } from 'bson';
import { compareNumbers, compareValues } from '../bson/compare.mjs';
import { keyText } from '../bson/keys.mjs';
import { valueOf } from '../update/tree.mjs';

const NULL_TEXT = '\n';

/** Negative, 0 or positive, as MongoDB orders two values; a missing value is before all others. */
export function compare(a, b) {
  if (typeof a === 'number' && typeof b === 'number') return compareNumbers(a, b);
  if (typeof a === 'string' && typeof b === 'string') {
    if (a === b) return 0;
    return isAscii(a) && isAscii(b) ? (a < b ? -1 : 1) : Buffer.compare(Buffer.from(a), Buffer.from(b));
  }
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  if (a === undefined || b === undefined) return (a === undefined ? 0 : 1) - (b === undefined ? 0 : 1);
  const left = valueOf(a);
  const right = valueOf(b);
  return compareValues(left.buf, left.type, left.start, right.buf, right.type, right.start);
}

function isAscii(text) {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

export function equals(a, b) {
  return compare(a, b) === 0;
}

/** A text that two values share exactly if they are equal, for use in a Map. */
export function keyOf(value) {
  switch (typeof value) {
    case 'string': return `s${value}`;
    case 'undefined': return NULL_TEXT;
    case 'number': return Number.isSafeInteger(value) ? `n${value}` : generalKey(value);
    case 'bigint': return Number.isSafeInteger(Number(value)) ? `n${value}` : generalKey(value);
  }
  if (value === null) return NULL_TEXT;
  if (value instanceof Int32) return `n${value.value}`;
  if (value instanceof Date) return `d${value.getTime()}`;
  return generalKey(value);
}

function generalKey(value) {
  const { buf, type, start } = valueOf(value);
  return `k${keyText(buf, type, start)}`;
}
