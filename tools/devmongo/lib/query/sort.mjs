// Sorting documents in place by MongoDB's order: an array sorts by its least value, or descending by its greatest.
import { MongoError } from '../errors.mjs';
import { compareValues, readNumber } from '../bson/compare.mjs';
import { ARRAY, NULL, UNDEFINED, Elements, RawValue, isNumeric } from '../bson/raw.mjs';
import { MISSING, Path } from './paths.mjs';

const EMPTY = Buffer.alloc(1);
const NOTHING = new RawValue(NULL, EMPTY, 0, 0);
const EMPTY_ARRAY = new RawValue(UNDEFINED, EMPTY, 0, 0);

/** Reads a sort specification; gives `[{path, direction}]`. */
export function parseSort(value) {
  const keys = [];
  for (const it = new Elements(value.buf, value.start); it.next();) {
    const direction = isNumeric(it.type) ? Number(readNumber(it.buf, it.type, it.value)) : 0;
    if (direction !== 1 && direction !== -1) throw new MongoError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    if (it.name === '') throw new MongoError(40352, 'FieldPath cannot be constructed with empty string');
    keys.push({ path: new Path(it.name), direction });
  }
  return keys;
}

/** Sorts `[{buf, start}]`-like entries; entries that compare equal stay in their order. */
export function sortDocuments(entries, keys) {
  const decorated = entries.map(entry => ({ entry, values: keys.map(key => sortValue(entry.buf, entry.start, key)) }));
  decorated.sort((a, b) => {
    for (let i = 0; i < keys.length; i++) {
      const left = a.values[i];
      const right = b.values[i];
      const order = compareValues(left.buf, left.type, left.start, right.buf, right.type, right.start);
      if (order !== 0) return order * keys[i].direction;
    }
    return 0;
  });
  return decorated.map(({ entry }) => entry);
}

function sortValue(buf, at, { path, direction }) {
  let best;
  path.any(buf, at, (from, type, value) => {
    if (type === MISSING) return false;
    if (type === ARRAY) {
      for (const it = new Elements(from, value); it.next();) best = better(best, new RawValue(it.type, from, it.value, 0), direction);
      best ??= EMPTY_ARRAY;
    } else {
      best = better(best, new RawValue(type, from, value, 0), direction);
    }
    return false;
  }, false);
  return best ?? NOTHING;
}

function better(best, candidate, direction) {
  if (best === undefined) return candidate;
  return compareValues(candidate.buf, candidate.type, candidate.start, best.buf, best.type, best.start) * direction < 0 ? candidate : best;
}
