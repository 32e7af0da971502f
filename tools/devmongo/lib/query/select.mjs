// Which records to look at for a filter, and reading them one by one. A selection can stop and go on later, with the
// collection changed in between, as MongoDB's cursors can.
import { DateIndex } from '../storage/date-index.mjs';
import { ARRAY, NULL, REGEX, UNDEFINED } from '../bson/raw.mjs';
import { keyText } from '../bson/keys.mjs';
import { BlockSource, ListSource, dateRange } from './sources.mjs';

/** Finds the records that match: `next()` gives the record (its version in `collection.buf`, `.at`), or -1 at the end. */
export class Selection {
  constructor(collection, filter, view) {
    this.collection = collection;
    this.filter = filter;
    this.view = view;
    this.source = collection.sourceFor?.(filter) ?? sourceFor(collection, filter);
    this.needsTest = !(filter.isEmpty || this.source.isExact);
  }

  next() {
    const { collection, view, source, needsTest } = this;
    const { test } = this.filter;
    for (let record = source.next(); record >= 0; record = source.next()) {
      if (!collection.read(record, view)) continue;
      if (!needsTest || test(collection.buf, collection.at)) return record;
    }
    return -1;
  }
}

/**
 * The records of a selection that a statement is going to write, up to a limit. Meets any conflict before the first
 * write, so that a statement that has to wait has changed nothing yet.
 */
export function writable(selection, view, limit) {
  const records = [];
  for (let record = selection.next(); record >= 0; record = selection.next()) {
    selection.collection.claim(record, view);
    records.push(record);
    if (records.length >= limit) break;
  }
  return records;
}

function sourceFor(collection, filter) {
  const ids = filter.valuesOf('_id');
  if (ids !== undefined && !ids.some(({ type }) => type === REGEX)) {
    const isExact = filter.isExact && filter.terms.length === 1 && !ids.some(id => id.type === ARRAY);
    return new ListSource(recordsWithIds(collection, ids), isExact);
  }
  for (const index of collection.indexes) {
    const records = index instanceof DateIndex ? undefined : recordsByIndex(index, filter);
    if (records !== undefined) return new ListSource(records, false);
  }
  for (const index of collection.indexes) {
    if (!(index instanceof DateIndex)) continue;
    const range = dateRange(filter, index.path);
    if (range !== undefined) return new BlockSource(collection, block => index.mayHold(block, range.from, range.to));
  }
  return new BlockSource(collection, undefined);
}

function recordsWithIds(collection, ids) {
  const records = [];
  const seen = ids.length > 1 ? new Set() : undefined;
  for (const id of ids) {
    const record = collection.findById(id.buf, id.type, id.start);
    if (record < 0 || seen?.has(record)) continue;
    seen?.add(record);
    records.push(record);
  }
  return records;
}

// Values that match more than the records that have them as their key.
const UNSEARCHABLE = new Set([ARRAY, NULL, REGEX, UNDEFINED]);
const MAX_KEYS = 10_000;

function recordsByIndex(index, filter) {
  if (!index.isSearchable) return undefined;
  let keys = [''];
  for (const path of index.paths) {
    const values = filter.valuesOf(path);
    if (values === undefined || values.length * keys.length > MAX_KEYS || values.some(({ type }) => UNSEARCHABLE.has(type))) return undefined;
    const texts = values.map(value => keyText(value.buf, value.type, value.start));
    keys = keys.flatMap(prefix => texts.map(text => prefix + text));
  }
  const records = new Set();
  for (const key of keys) for (const record of index.recordsOf(key)) records.add(record);
  return [...records];
}
