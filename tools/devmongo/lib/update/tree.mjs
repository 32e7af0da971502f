// A document being changed: branches are taken apart only where an update reaches, all else stays bytes and keeps
// its exact type.
import { ARRAY, OBJECT, DOUBLE, INT32, INT64, DATE, NULL, Elements, RawValue, valueEnd } from '../bson/raw.mjs';
import { Writer, writeElement } from '../bson/writer.mjs';

/** A document or an array taken apart: names (as text) and values (RawValue or Branch). An array's names are its indexes. */
export class Branch {
  constructor(type) {
    this.type = type;
    this.names = [];
    this.values = [];
  }

  static of(buf, at, type = OBJECT) {
    const branch = new Branch(type);
    for (const it = new Elements(buf, at); it.next();) {
      branch.names.push(it.name);
      branch.values.push(new RawValue(it.type, buf, it.value, it.valueEnd));
    }
    return branch;
  }

  indexOf(name) {
    return this.names.indexOf(name);
  }

  get(name) {
    const i = this.names.indexOf(name);
    return i < 0 ? undefined : this.values[i];
  }

  set(name, value) {
    const i = this.names.indexOf(name);
    if (i >= 0) {
      this.values[i] = value;
      return;
    }
    // A new element of an array may lie beyond its end; what is between becomes null.
    if (this.type === ARRAY) while (this.names.length < Number(name)) this.push(nullValue());
    this.names.push(name);
    this.values.push(value);
  }

  push(value) {
    this.names.push(String(this.names.length));
    this.values.push(value);
  }

  delete(name) {
    const i = this.names.indexOf(name);
    if (i < 0) return false;
    if (this.type === ARRAY) {
      this.values[i] = nullValue();
    } else {
      this.names.splice(i, 1);
      this.values.splice(i, 1);
    }
    return true;
  }

  /** Replaces the elements of an array. */
  fill(values) {
    this.values = values;
    this.names = values.map((_, i) => String(i));
  }

  /** The value as a branch, taken apart in place if it was still bytes; undefined if it is a scalar. */
  branchAt(i) {
    const value = this.values[i];
    if (value instanceof Branch) return value;
    if (value.type !== OBJECT && value.type !== ARRAY) return undefined;
    return (this.values[i] = Branch.of(value.buf, value.start, value.type));
  }

  write(writer) {
    const mark = writer.begin();
    for (let i = 0; i < this.names.length; i++) {
      const value = this.values[i];
      writer.header(value.type, this.names[i]);
      if (value instanceof Branch) value.write(writer);
      else writer.bytes(value.buf, value.start, value.end);
    }
    writer.end(mark);
  }
}

/** The value as bytes. */
export function flatten(value) {
  if (value instanceof RawValue) return value;
  const writer = new Writer();
  value.write(writer);
  return new RawValue(value.type, writer.finish(), 0, writer.pos);
}

const EMPTY = Buffer.alloc(0);

function nullValue() {
  return new RawValue(NULL, EMPTY, 0, 0);
}

export function int32Value(number) {
  const buf = Buffer.allocUnsafe(4);
  buf.writeInt32LE(number);
  return new RawValue(INT32, buf, 0, 4);
}

export function int64Value(bigint) {
  const buf = Buffer.allocUnsafe(8);
  buf.writeBigInt64LE(bigint);
  return new RawValue(INT64, buf, 0, 8);
}

export function doubleValue(number) {
  const buf = Buffer.allocUnsafe(8);
  buf.writeDoubleLE(number);
  return new RawValue(DOUBLE, buf, 0, 8);
}

export function dateValue(milliseconds) {
  return new RawValue(DATE, int64Value(BigInt(milliseconds)).buf, 0, 8);
}

/** A typed JavaScript value (see values.mjs) as bytes. */
export function valueOf(value) {
  const writer = new Writer();
  writeElement(writer, '', value, true);
  const buf = writer.finish();
  return new RawValue(buf[0], buf, 2, valueEnd(buf, buf[0], 2));
}
