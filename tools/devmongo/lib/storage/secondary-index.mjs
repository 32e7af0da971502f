// An index other than the one on `_id`: a map from the key's canonical bytes to the records that have it, for
// uniqueness and for look-ups by equality. It holds the keys of all versions of a record; readers check what they find.
import { Key } from '../bson/keys.mjs';
import { ARRAY, NULL, Elements, findField, foundType, pathParts, OBJECT, readInt32 } from '../bson/raw.mjs';

const NULL_KEY = String.fromCharCode(NULL);
const NONE = [];
const key = new Key();

export class SecondaryIndex {
  /** `spec` is the index as listIndexes shows it; `covers` tells whether a document is in a partial index. */
  constructor(spec, covers) {
    this.spec = spec;
    this.name = spec.name;
    this.key = spec.key;
    this.unique = spec.unique === true;
    this.paths = Object.keys(spec.key);
    this.parts = this.paths.map(pathParts);
    this.covers = covers;
    // A partial index does not hold all documents; and it knows the elements of an array, not their places.
    this.isSearchable = covers === undefined && spec.sparse !== true && !this.paths.some(path => /(^|\.)\d+(\.|$)/.test(path));
    this.entries = new Map();
  }

  add(buf, at, record) {
    for (const text of this.keysOf(buf, at)) {
      const records = this.entries.get(text);
      if (records === undefined) this.entries.set(text, record);
      else if (records instanceof Set) records.add(record);
      else if (records !== record) this.entries.set(text, new Set([records, record]));
    }
  }

  /** Removes the keys of a version that is going, except those that other versions of the record still have. */
  remove(buf, at, record, rest) {
    for (const text of this.keysOf(buf, at)) {
      if (rest.some(version => this.keysOf(version.buf, version.at).includes(text))) continue;
      const records = this.entries.get(text);
      if (records === record) {
        this.entries.delete(text);
      } else if (records instanceof Set) {
        records.delete(record);
        if (records.size === 0) this.entries.delete(text);
      }
    }
  }

  recordsOf(text) {
    const records = this.entries.get(text);
    if (records === undefined) return NONE;
    return records instanceof Set ? [...records] : [records];
  }

  /** The keys of a document: one, or with arrays one for each of their values. */
  keysOf(buf, at) {
    if (this.covers !== undefined && !this.covers(buf, at)) return NONE;
    let keys = [''];
    let present = 0;
    for (const parts of this.parts) {
      const values = [];
      collect(buf, at, parts, 0, values);
      if (values.length > 0) present++;
      else values.push(NULL_KEY);
      if (values.length === 1) keys = keys.map(prefix => prefix + values[0]);
      else keys = keys.flatMap(prefix => [...new Set(values)].map(value => prefix + value));
    }
    return present === 0 && this.spec.sparse === true ? NONE : keys;
  }
}

function collect(buf, at, parts, depth, into) {
  const value = findField(buf, at, parts[depth]);
  if (value < 0) return;
  const type = foundType;
  const isLast = depth === parts.length - 1;
  if (type === ARRAY && readInt32(buf, value) > 5) {
    for (const it = new Elements(buf, value); it.next();) {
      if (isLast) into.push(key.set(buf, it.type, it.value).text());
      else if (it.type === OBJECT) collect(buf, it.value, parts, depth + 1, into);
    }
  } else if (isLast) {
    into.push(key.set(buf, type, value).text());
  } else if (type === OBJECT) {
    collect(buf, value, parts, depth + 1, into);
  }
}
