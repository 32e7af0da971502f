// BSON read in place: offsets into a buffer instead of objects. Everything here trusts its input; documents from
// the wire pass validate.mjs first.

export const DOUBLE = 1;
export const STRING = 2;
export const OBJECT = 3;
export const ARRAY = 4;
export const BINARY = 5;
export const UNDEFINED = 6;
export const OBJECT_ID = 7;
export const BOOL = 8;
export const DATE = 9;
export const NULL = 10;
export const REGEX = 11;
export const DB_POINTER = 12;
export const CODE = 13;
export const SYMBOL = 14;
export const CODE_WITH_SCOPE = 15;
export const INT32 = 16;
export const TIMESTAMP = 17;
export const INT64 = 18;
export const DECIMAL = 19;
export const MIN_KEY = 255;
export const MAX_KEY = 127;

const TWO_32 = 4294967296;

export function readInt32(buf, at) {
  return buf[at] | (buf[at + 1] << 8) | (buf[at + 2] << 16) | (buf[at + 3] << 24);
}

/** An int64 as a double: exact up to 2^53, which covers dates and counters. */
export function readInt64(buf, at) {
  return readInt32(buf, at + 4) * TWO_32 + (readInt32(buf, at) >>> 0);
}

export function readString(buf, at) {
  return buf.utf8Slice(at + 4, at + 3 + readInt32(buf, at));
}

function cstringEnd(buf, at) {
  while (buf[at] !== 0) at++;
  return at + 1;
}

/** Where the value of this type that starts at `at` ends. */
export function valueEnd(buf, type, at) {
  switch (type) {
    case INT32: return at + 4;
    case DOUBLE: case INT64: case DATE: case TIMESTAMP: return at + 8;
    case STRING: case CODE: case SYMBOL: return at + 4 + readInt32(buf, at);
    case OBJECT: case ARRAY: case CODE_WITH_SCOPE: return at + readInt32(buf, at);
    case BINARY: return at + 5 + readInt32(buf, at);
    case OBJECT_ID: return at + 12;
    case BOOL: return at + 1;
    case DECIMAL: return at + 16;
    case DB_POINTER: return at + 16 + readInt32(buf, at);
    case REGEX: return cstringEnd(buf, cstringEnd(buf, at));
    default: return at;
  }
}

/** Walks the elements of the document at `at`: `while (it.next())` sets `type`, the name's and the value's place. */
export class Elements {
  constructor(buf, at) {
    this.buf = buf;
    this.end = at + readInt32(buf, at) - 1;
    this.valueEnd = at + 4;
    this.type = 0;
    this.nameStart = 0;
    this.nameEnd = 0;
    this.value = 0;
  }

  next() {
    const buf = this.buf;
    let p = this.valueEnd;
    if (p >= this.end) return false;
    this.type = buf[p++];
    this.nameStart = p;
    while (buf[p] !== 0) p++;
    this.nameEnd = p++;
    this.value = p;
    this.valueEnd = valueEnd(buf, this.type, p);
    return true;
  }

  get name() {
    return this.buf.utf8Slice(this.nameStart, this.nameEnd);
  }
}

/** The type of what the last successful `findField` found. */
export let foundType = 0;

/** The offset of the value of a field (its name as bytes) in the document at `at`, or -1; its type in `foundType`. */
export function findField(buf, at, name) {
  const end = at + readInt32(buf, at) - 1;
  const length = name.length;
  let p = at + 4;
  while (p < end) {
    const type = buf[p++];
    let i = 0;
    while (i < length && buf[p + i] === name[i]) i++;
    if (i === length && buf[p + i] === 0) {
      foundType = type;
      return p + i + 1;
    }
    p += i;
    while (buf[p] !== 0) p++;
    p = valueEnd(buf, type, p + 1);
  }
  return -1;
}

/** Finds a dotted path (its parts as bytes) through plain sub-documents; arrays on the way are not entered (-1). */
export function findPath(buf, at, parts) {
  let p = findField(buf, at, parts[0]);
  for (let i = 1; i < parts.length && p >= 0; i++) {
    p = foundType === OBJECT ? findField(buf, p, parts[i]) : -1;
  }
  return p;
}

export function pathParts(path) {
  return path.split('.').map(part => Buffer.from(part));
}

/** Whether the document's first field is `_id`; its value then starts at `at + 9`, its type is at `at + 4`. */
export function startsWithId(buf, at) {
  return buf[at + 5] === 0x5f && buf[at + 6] === 0x69 && buf[at + 7] === 0x64 && buf[at + 8] === 0 && readInt32(buf, at) > 5;
}

export function isNumeric(type) {
  return type === INT32 || type === DOUBLE || type === INT64 || type === DECIMAL;
}

/** A value in a buffer, kept for later. */
export class RawValue {
  constructor(type, buf, start, end) {
    this.type = type;
    this.buf = buf;
    this.start = start;
    this.end = end;
  }

  static at(buf, type, start) {
    return new RawValue(type, buf, start, valueEnd(buf, type, start));
  }
}

const TYPE_NAMES = new Map([
  [DOUBLE, 'double'], [STRING, 'string'], [OBJECT, 'object'], [ARRAY, 'array'], [BINARY, 'binData'],
  [UNDEFINED, 'undefined'], [OBJECT_ID, 'objectId'], [BOOL, 'bool'], [DATE, 'date'], [NULL, 'null'], [REGEX, 'regex'],
  [DB_POINTER, 'dbPointer'], [CODE, 'javascript'], [SYMBOL, 'symbol'], [CODE_WITH_SCOPE, 'javascriptWithScope'],
  [INT32, 'int'], [TIMESTAMP, 'timestamp'], [INT64, 'long'], [DECIMAL, 'decimal'], [MIN_KEY, 'minKey'], [MAX_KEY, 'maxKey'],
]);

export function typeName(type) {
  return TYPE_NAMES.get(type) ?? 'missing';
}

export function typeNumber(name) {
  for (const [type, known] of TYPE_NAMES) if (known === name) return type;
  return undefined;
}
