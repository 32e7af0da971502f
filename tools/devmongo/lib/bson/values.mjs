// BSON as JavaScript values that keep BSON's number types: a double is a number, an int32 an Int32, an int64 a bigint.
// Arithmetic of pipelines needs the difference: the sum of doubles is a double even when it is whole.
import { BSONRegExp, Binary, Decimal128, Int32, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import * as raw from './raw.mjs';

export function decodeDocument(buf, at) {
  const document = {};
  const it = new raw.Elements(buf, at);
  while (it.next()) setField(document, it.name, decodeValue(buf, it.type, it.value));
  return document;
}

/** Sets a field even if it is named `__proto__`. */
export function setField(document, name, value) {
  if (name === '__proto__') Object.defineProperty(document, name, { value, enumerable: true, writable: true, configurable: true });
  else document[name] = value;
}

function decodeArray(buf, at) {
  const array = [];
  const it = new raw.Elements(buf, at);
  while (it.next()) array.push(decodeValue(buf, it.type, it.value));
  return array;
}

export function decodeValue(buf, type, at) {
  switch (type) {
    case raw.DOUBLE: return buf.readDoubleLE(at);
    case raw.INT32: return new Int32(raw.readInt32(buf, at));
    case raw.INT64: return buf.readBigInt64LE(at);
    case raw.STRING: case raw.SYMBOL: case raw.CODE: return raw.readString(buf, at);
    case raw.OBJECT: return decodeDocument(buf, at);
    case raw.ARRAY: return decodeArray(buf, at);
    case raw.BOOL: return buf[at] === 1;
    case raw.DATE: return new Date(raw.readInt64(buf, at));
    case raw.NULL: case raw.UNDEFINED: return null;
    case raw.OBJECT_ID: return new ObjectId(Buffer.from(buf.subarray(at, at + 12)));
    case raw.BINARY: return new Binary(Buffer.from(buf.subarray(at + 5, at + 5 + raw.readInt32(buf, at))), buf[at + 4]);
    case raw.TIMESTAMP: return new Timestamp(buf.readBigUInt64LE(at));
    case raw.DECIMAL: return new Decimal128(Buffer.from(buf.subarray(at, at + 16)));
    case raw.REGEX: {
      const middle = buf.indexOf(0, at);
      return new BSONRegExp(buf.utf8Slice(at, middle), buf.latin1Slice(middle + 1, buf.indexOf(0, middle + 1)));
    }
    case raw.MIN_KEY: return new MinKey();
    case raw.MAX_KEY: return new MaxKey();
    default: throw new TypeError(`A value of BSON type ${raw.typeName(type)} cannot be read`);
  }
}

/** The same value with JavaScript's numbers only: for options of commands, and for code that knows one number type. */
export function plain(value) {
  if (value instanceof Int32) return value.value;
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === 'object' && value.constructor === Object) {
    const copy = {};
    for (const name of Object.keys(value)) setField(copy, name, plain(value[name]));
    return copy;
  }
  return value;
}
