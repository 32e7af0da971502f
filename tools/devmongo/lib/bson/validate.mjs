// One pass over a document from the wire, so that everything behind it may read without checks.
import { MongoError } from '../errors.mjs';
import {
  ARRAY, BINARY, BOOL, CODE, CODE_WITH_SCOPE, DATE, DB_POINTER, DECIMAL, DOUBLE, INT32, INT64, MAX_KEY, MIN_KEY, NULL, OBJECT,
  OBJECT_ID, REGEX, STRING, SYMBOL, TIMESTAMP, UNDEFINED, readInt32,
} from './raw.mjs';

const MAX_DEPTH = 200;
export const MAX_DOCUMENT = 16 * 1024 * 1024;

function invalid(what) {
  return new MongoError('InvalidBSON', `Invalid BSON: ${what}`);
}

/** Checks the document at `at`, which must end at or before `limit`; returns its end. Throws InvalidBSON or Overflow. */
export function validateDocument(buf, at, limit, depth = 0) {
  if (limit - at < 5) throw invalid('not enough bytes for a document');
  const length = readInt32(buf, at);
  if (length < 5 || length > limit - at) throw invalid(`document length ${length} out of bounds`);
  if (depth > MAX_DEPTH) throw new MongoError('Overflow', `BSONObj exceeded maximum nested object depth: ${MAX_DEPTH}`);
  const end = at + length - 1;
  if (buf[end] !== 0) throw invalid('document is not terminated');
  let p = at + 4;
  while (p < end) {
    const type = buf[p++];
    while (p < end && buf[p] !== 0) p++;
    if (p >= end) throw invalid('field name is not terminated');
    p = validateValue(buf, type, p + 1, end, depth);
  }
  if (p !== end) throw invalid('an element ends outside its document');
  return end + 1;
}

function validateValue(buf, type, p, end, depth) {
  switch (type) {
    case INT32: p += 4; break;
    case DOUBLE: case INT64: case DATE: case TIMESTAMP: p += 8; break;
    case OBJECT_ID: p += 12; break;
    case DECIMAL: p += 16; break;
    case NULL: case UNDEFINED: case MIN_KEY: case MAX_KEY: break;
    case BOOL:
      if (buf[p] > 1) throw invalid('a bool is neither 0 nor 1');
      p += 1;
      break;
    case STRING: case CODE: case SYMBOL: p = validateString(buf, p, end); break;
    case OBJECT: case ARRAY: return validateDocument(buf, p, end, depth + 1);
    case BINARY: {
      const length = end - p >= 5 ? readInt32(buf, p) : -1;
      if (length < 0 || length > end - p - 5) throw invalid('binary length out of bounds');
      p += 5 + length;
      break;
    }
    case REGEX: p = cstring(buf, cstring(buf, p, end), end); break;
    case DB_POINTER: p = validateString(buf, p, end) + 12; break;
    case CODE_WITH_SCOPE: {
      const length = end - p >= 4 ? readInt32(buf, p) : -1;
      if (length < 14 || length > end - p) throw invalid('code with scope out of bounds');
      const scope = validateString(buf, p + 4, p + length);
      if (validateDocument(buf, scope, p + length, depth + 1) !== p + length) throw invalid('code with scope out of bounds');
      p += length;
      break;
    }
    default: throw invalid(`unrecognized BSON type ${type}`);
  }
  if (p > end) throw invalid('a value ends outside its document');
  return p;
}

function validateString(buf, p, end) {
  const length = end - p >= 5 ? readInt32(buf, p) : -1;
  if (length < 1 || length > end - p - 4) throw invalid('string length out of bounds');
  if (buf[p + 3 + length] !== 0) throw invalid('string is not terminated');
  return p + 4 + length;
}

function cstring(buf, p, end) {
  while (p < end && buf[p] !== 0) p++;
  if (p >= end) throw invalid('regular expression is not terminated');
  return p + 1;
}
