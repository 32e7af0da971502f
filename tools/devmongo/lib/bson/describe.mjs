// Values as mongod prints them in its messages.
import {
  ARRAY, BINARY, BOOL, DATE, DOUBLE, INT32, INT64, NULL, OBJECT, OBJECT_ID, STRING, Elements, readInt32, readInt64, readString, typeName,
} from './raw.mjs';

export function describeValue(buf, type, at) {
  switch (type) {
    case INT32: return String(readInt32(buf, at));
    case INT64: return String(buf.readBigInt64LE(at));
    case DOUBLE: {
      const value = buf.readDoubleLE(at);
      return Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(1) : String(value);
    }
    case STRING: return `"${readString(buf, at)}"`;
    case BOOL: return buf[at] === 1 ? 'true' : 'false';
    case NULL: return 'null';
    case DATE: return `new Date(${readInt64(buf, at)})`;
    case OBJECT_ID: return `ObjectId('${buf.toString('hex', at, at + 12)}')`;
    case BINARY: return describeBinary(buf, at);
    case OBJECT: return describeDocument(buf, at);
    case ARRAY: {
      const items = [];
      for (const it = new Elements(buf, at); it.next();) items.push(describeValue(buf, it.type, it.value));
      return items.length === 0 ? '[]' : `[ ${items.join(', ')} ]`;
    }
    default: return typeName(type);
  }
}

function describeBinary(buf, at) {
  const hex = buf.toString('hex', at + 5, at + 5 + readInt32(buf, at));
  if (buf[at + 4] === 4 && hex.length === 32) {
    return `UUID("${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}")`;
  }
  return `BinData(${buf[at + 4]}, ${hex.toUpperCase()})`;
}

function describeDocument(buf, at) {
  const fields = [];
  for (const it = new Elements(buf, at); it.next();) fields.push(`${it.name}: ${describeValue(buf, it.type, it.value)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
