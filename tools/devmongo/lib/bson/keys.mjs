// Values as keys. MongoDB holds 1, 1.0 and NumberLong(1) to be the same key, so numbers are brought to one form
// (the narrowest of int32, int64, double); values without numbers, which most keys are, stay where they lie.
import { Decimal128 } from 'bson';
import { ARRAY, DECIMAL, DOUBLE, INT32, INT64, OBJECT, SYMBOL, STRING, UNDEFINED, NULL, Elements, readInt32, readInt64, valueEnd } from './raw.mjs';
import { Writer } from './writer.mjs';

const TWO_63 = 9223372036854775808;

/** Canonical bytes of a value: `type` and `buf[start..end)`, with a hash of them. Reused: read it before the next call. */
export class Key {
  constructor() {
    this.type = 0;
    this.buf = undefined;
    this.start = 0;
    this.end = 0;
    this.hash = 0;
    this.scratch = new Writer(256);
  }

  set(buf, type, at) {
    if (isCanonical(buf, type, at)) {
      this.type = type;
      this.buf = buf;
      this.start = at;
      this.end = valueEnd(buf, type, at);
    } else {
      this.scratch.pos = 0;
      this.type = writeCanonical(this.scratch, buf, type, at);
      this.buf = this.scratch.buf;
      this.start = 0;
      this.end = this.scratch.pos;
    }
    this.hash = hashBytes(this.type, this.buf, this.start, this.end);
    return this;
  }

  /** Whether a stored value is this key. */
  equals(buf, type, at) {
    if (!isCanonical(buf, type, at)) return this.text() === keyText(buf, type, at);
    if (type !== this.type) return false;
    const { start, end } = this;
    const mine = this.buf;
    if (at + end - start > buf.length) return false;
    for (let i = start, j = at; i < end; i++, j++) if (mine[i] !== buf[j]) return false;
    return true;
  }

  text() {
    return String.fromCharCode(this.type) + this.buf.latin1Slice(this.start, this.end);
  }
}

const spare = new Key();

/** The key as a string, for use in a Map. */
export function keyText(buf, type, at) {
  return spare.set(buf, type, at).text();
}

function isCanonical(buf, type, at) {
  switch (type) {
    case DOUBLE: case INT64: case DECIMAL: case SYMBOL: case UNDEFINED: return false;
    case OBJECT: case ARRAY: {
      const end = at + readInt32(buf, at) - 1;
      let p = at + 4;
      while (p < end) {
        const elementType = buf[p++];
        while (buf[p] !== 0) p++;
        p++;
        if (elementType !== STRING && !isCanonical(buf, elementType, p)) return false;
        p = valueEnd(buf, elementType, p);
      }
      return true;
    }
    default: return true;
  }
}

function writeCanonical(writer, buf, type, at) {
  switch (type) {
    case DOUBLE: return writeNumber(writer, buf.readDoubleLE(at));
    case INT64: {
      const value = readInt64(buf, at);
      if ((value | 0) === value) return writeNumber(writer, value);
      writer.bytes(buf, at, at + 8);
      return INT64;
    }
    case DECIMAL: return writeNumber(writer, Number(new Decimal128(buf.subarray(at, at + 16)).toString()));
    case UNDEFINED: return NULL;
    case OBJECT: case ARRAY: {
      const mark = writer.begin();
      const it = new Elements(buf, at);
      while (it.next()) {
        const typeAt = writer.pos;
        writer.byte(0);
        writer.bytes(buf, it.nameStart, it.nameEnd + 1);
        writer.buf[typeAt] = writeCanonical(writer, buf, it.type, it.value);
      }
      writer.end(mark);
      return type;
    }
    default:
      writer.bytes(buf, at, valueEnd(buf, type, at));
      return type === SYMBOL ? STRING : type;
  }
}

function writeNumber(writer, value) {
  if ((value | 0) === value) {
    writer.int32(value);
    return INT32;
  }
  if (Number.isInteger(value) && value >= -TWO_63 && value < TWO_63) {
    writer.int64(BigInt(value));
    return INT64;
  }
  writer.double(value);
  return DOUBLE;
}

/** FNV-1a over words, then mixed: short keys that differ in few bits must not share table slots. */
function hashBytes(seed, buf, start, end) {
  let h = seed ^ 0x811c9dc5;
  let i = start;
  for (const last = end - 3; i < last; i += 4) h = Math.imul(h ^ readInt32(buf, i), 0x01000193) ^ (h >>> 15);
  for (; i < end; i++) h = Math.imul(h ^ buf[i], 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
