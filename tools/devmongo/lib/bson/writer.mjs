// A growing buffer that BSON is written into, straight from values or from bytes of other documents.
import { Binary, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp, UUID, BSONRegExp } from 'bson';
import * as raw from './raw.mjs';

/** Documents that are already BSON, written as an array. */
export class RawDocuments {
  constructor() {
    this.parts = [];
    this.bytes = 0;
  }

  add(buf, start, end) {
    this.parts.push(buf, start, end);
    this.bytes += end - start;
  }

  get count() {
    return this.parts.length / 3;
  }
}

export class Writer {
  constructor(size = 256) {
    this.buf = Buffer.allocUnsafe(size);
    this.pos = 0;
  }

  reserve(bytes) {
    const needed = this.pos + bytes;
    if (needed <= this.buf.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.buf.length * 2));
    this.buf.copy(grown, 0, 0, this.pos);
    this.buf = grown;
  }

  byte(value) {
    this.reserve(1);
    this.buf[this.pos++] = value;
  }

  int32(value) {
    this.reserve(4);
    this.pos = this.buf.writeInt32LE(value, this.pos);
  }

  int64(value) {
    this.reserve(8);
    this.pos = this.buf.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)), this.pos);
  }

  double(value) {
    this.reserve(8);
    this.pos = this.buf.writeDoubleLE(value, this.pos);
  }

  cstring(text) {
    this.reserve(text.length * 3 + 1);
    this.pos += this.buf.utf8Write(text, this.pos);
    this.buf[this.pos++] = 0;
  }

  string(text) {
    this.reserve(text.length * 3 + 5);
    const written = this.buf.utf8Write(text, this.pos + 4);
    this.buf.writeInt32LE(written + 1, this.pos);
    this.pos += 4 + written;
    this.buf[this.pos++] = 0;
  }

  bytes(source, start, end) {
    this.reserve(end - start);
    if (end - start < 48) {
      const buf = this.buf;
      let p = this.pos;
      for (let i = start; i < end; i++) buf[p++] = source[i];
      this.pos = p;
    } else {
      source.copy(this.buf, this.pos, start, end);
      this.pos += end - start;
    }
  }

  header(type, name) {
    this.byte(type);
    this.cstring(name);
  }

  begin() {
    this.reserve(5);
    const mark = this.pos;
    this.pos += 4;
    return mark;
  }

  end(mark) {
    this.byte(0);
    this.buf.writeInt32LE(this.pos - mark, mark);
  }

  rawValue(name, value) {
    this.header(value.type, name);
    this.bytes(value.buf, value.start, value.end);
  }

  rawDocuments(name, documents) {
    this.header(raw.ARRAY, name);
    const mark = this.begin();
    const { parts } = documents;
    this.reserve(documents.bytes + documents.count * 9);
    for (let i = 0; i < parts.length; i += 3) {
      this.header(raw.OBJECT, String(i / 3));
      this.bytes(parts[i], parts[i + 1], parts[i + 2]);
    }
    this.end(mark);
  }

  finish() {
    return this.buf.subarray(0, this.pos);
  }
}

/** Writes a document of JavaScript values. Whole numbers become int32 where they fit, unless `typed`: see values.mjs. */
export function writeDocument(writer, document, typed = false) {
  const mark = writer.begin();
  for (const name of Object.keys(document)) writeElement(writer, name, document[name], typed);
  writer.end(mark);
}

export function encodeDocument(document, typed = false) {
  const writer = new Writer();
  writeDocument(writer, document, typed);
  return writer.finish();
}

export function writeElement(writer, name, value, typed = false) {
  switch (typeof value) {
    case 'undefined': return;
    case 'number':
      if (!typed && (value | 0) === value && !Object.is(value, -0)) {
        writer.header(raw.INT32, name);
        writer.int32(value);
      } else {
        writer.header(raw.DOUBLE, name);
        writer.double(value);
      }
      return;
    case 'string': writer.header(raw.STRING, name); writer.string(value); return;
    case 'boolean': writer.header(raw.BOOL, name); writer.byte(value ? 1 : 0); return;
    case 'bigint': writer.header(raw.INT64, name); writer.int64(value); return;
  }
  if (value === null) writer.header(raw.NULL, name);
  else writeObjectValue(writer, name, value, typed);
}

function writeObjectValue(writer, name, value, typed) {
  if (value instanceof Date) {
    writer.header(raw.DATE, name);
    writer.int64(value.getTime());
  } else if (Array.isArray(value)) {
    writer.header(raw.ARRAY, name);
    const mark = writer.begin();
    value.forEach((item, i) => writeElement(writer, String(i), item === undefined ? null : item, typed));
    writer.end(mark);
  } else if (value instanceof raw.RawValue) {
    writer.rawValue(name, value);
  } else if (value instanceof RawDocuments) {
    writer.rawDocuments(name, value);
  } else if (value._bsontype !== undefined) {
    writeBsonValue(writer, name, value);
  } else if (value instanceof RegExp) {
    writer.header(raw.REGEX, name);
    writer.cstring(value.source);
    writer.cstring(value.flags.replace(/[^imsx]/g, ''));
  } else {
    writer.header(raw.OBJECT, name);
    writeDocument(writer, value, typed);
  }
}

function writeBsonValue(writer, name, value) {
  if (value instanceof Double) {
    writer.header(raw.DOUBLE, name);
    writer.double(value.value);
  } else if (value instanceof Int32) {
    writer.header(raw.INT32, name);
    writer.int32(value.value);
  } else if (value instanceof Timestamp) {
    writer.header(raw.TIMESTAMP, name);
    writer.int64(value.toBigInt());
  } else if (value instanceof Long) {
    writer.header(raw.INT64, name);
    writer.int64(value.toBigInt());
  } else if (value instanceof ObjectId) {
    writer.header(raw.OBJECT_ID, name);
    writer.bytes(Buffer.from(value.id), 0, 12);
  } else if (value instanceof Binary || value instanceof UUID) {
    const content = Buffer.from(value.buffer.subarray(0, value.position));
    writer.header(raw.BINARY, name);
    writer.int32(content.length);
    writer.byte(value.sub_type);
    writer.bytes(content, 0, content.length);
  } else if (value instanceof Decimal128) {
    writer.header(raw.DECIMAL, name);
    writer.bytes(Buffer.from(value.bytes), 0, 16);
  } else if (value instanceof BSONRegExp) {
    writer.header(raw.REGEX, name);
    writer.cstring(value.pattern);
    writer.cstring(value.options);
  } else if (value instanceof MinKey || value instanceof MaxKey) {
    writer.header(value instanceof MinKey ? raw.MIN_KEY : raw.MAX_KEY, name);
  } else {
    throw new TypeError(`A value of BSON type ${value._bsontype} cannot be written`);
  }
}
