// A command as it came over the wire: its fields are found in place and decoded when asked for.
import { Int32 } from 'bson';
import { MongoError } from '../errors.mjs';
import {
  ARRAY, BOOL, DECIMAL, DOUBLE, Elements, INT32, INT64, NULL, OBJECT, RawValue, STRING, UNDEFINED, isNumeric, readInt32, readString, typeName,
} from '../bson/raw.mjs';
import { readNumber } from '../bson/compare.mjs';
import { decodeValue, plain } from '../bson/values.mjs';

/** Documents of a command, in a `kind 1` section or in an array of its body: `starts[i]` is where each begins. */
export class DocumentList {
  constructor(buf, starts, isSection) {
    this.buf = buf;
    this.starts = starts;
    this.isSection = isSection;
  }

  get length() {
    return this.starts.length;
  }
}

export class Request {
  constructor(buf, at, sections) {
    this.buf = buf;
    this.at = at;
    this.sections = sections;
    this.fields = new Map();
    this.name = '';
    for (const it = new Elements(buf, at); it.next();) {
      const { name } = it;
      if (this.name === '') this.name = name;
      this.fields.set(name, new RawValue(it.type, buf, it.value, it.valueEnd));
    }
    this.db = this.string('$db');
  }

  has(name) {
    return this.fields.has(name) || this.sections.has(name);
  }

  /** The field as it lies in the message, or undefined. Null counts as absent, as it does for mongod's options. */
  raw(name) {
    const value = this.fields.get(name);
    return value === undefined || value.type === NULL || value.type === UNDEFINED ? undefined : value;
  }

  /** The field as a JavaScript value with JavaScript's numbers. */
  plain(name) {
    const value = this.raw(name);
    return value === undefined ? undefined : plain(decodeValue(value.buf, value.type, value.start));
  }

  string(name) {
    const value = this.#expect(name, 'string', STRING);
    return value === undefined ? undefined : readString(value.buf, value.start);
  }

  bool(name, otherwise = false) {
    const value = this.raw(name);
    if (value === undefined) return otherwise;
    if (value.type === BOOL) return value.buf[value.start] === 1;
    if (isNumeric(value.type)) return Number(readNumber(value.buf, value.type, value.start)) !== 0;
    throw this.#wrongType(name, value, 'bool');
  }

  number(name) {
    const value = this.#expect(name, 'number', INT32, INT64, DOUBLE, DECIMAL);
    return value === undefined ? undefined : Number(readNumber(value.buf, value.type, value.start));
  }

  bigint(name) {
    const value = this.#expect(name, 'long', INT32, INT64, DOUBLE);
    if (value === undefined) return undefined;
    return value.type === INT64 ? value.buf.readBigInt64LE(value.start) : BigInt(Math.trunc(Number(readNumber(value.buf, value.type, value.start))));
  }

  document(name) {
    return this.#expect(name, 'object', OBJECT);
  }

  array(name) {
    return this.#expect(name, 'array', ARRAY);
  }

  /** The whole numbers of an array. */
  bigints(name) {
    const { buf, type, start } = this.array(name);
    return decodeValue(buf, type, start).map(value => {
      if (typeof value === 'bigint') return value;
      if (value instanceof Int32) return BigInt(value.value);
      throw new MongoError('TypeMismatch', `BSON field '${this.name}.${name}' must hold numbers of type long`);
    });
  }

  /** The collection that the command names. */
  collectionName() {
    const value = this.fields.get(this.name);
    if (value.type !== STRING) {
      throw new MongoError('InvalidNamespace', `collection name has invalid type ${typeName(value.type)}`);
    }
    return readString(value.buf, value.start);
  }

  documents(name) {
    const section = this.sections.get(name);
    if (section !== undefined) return section;
    const value = this.array(name);
    if (value === undefined) {
      throw new MongoError(40414, `BSON field '${this.name}.${name}' is missing but a required field`);
    }
    const starts = [];
    for (const it = new Elements(value.buf, value.start); it.next();) {
      if (it.type !== OBJECT) {
        throw new MongoError('TypeMismatch', `BSON field '${this.name}.${name}.${it.name}' is the wrong type '${typeName(it.type)}', expected type 'object'`);
      }
      starts.push(it.value);
    }
    return new DocumentList(value.buf, starts, false);
  }

  #expect(name, expected, ...types) {
    const value = this.raw(name);
    if (value !== undefined && !types.includes(value.type)) throw this.#wrongType(name, value, expected);
    return value;
  }

  #wrongType(name, value, expected) {
    return new MongoError('TypeMismatch',
      `BSON field '${this.name}.${name}' is the wrong type '${typeName(value.type)}', expected type '${expected}'`);
  }

  get size() {
    return readInt32(this.buf, this.at);
  }
}
