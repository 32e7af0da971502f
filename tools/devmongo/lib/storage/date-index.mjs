// A single-field, non-unique index of dates, as TTL needs it: for each block of records the earliest and latest date
// any of its versions ever had. It costs next to nothing to keep, and finds what is old without reading what is not.
import { ARRAY, DATE, findPath, foundType, pathParts, readInt64 } from '../bson/raw.mjs';
import { BLOCK } from './records.mjs';

/** Whether an array lies on the way to the path's end, so that there may be dates below it. */
function passesArray(buf, at, parts) {
  for (let i = 1; i < parts.length; i++) {
    if (findPath(buf, at, parts.slice(0, i)) < 0) return false;
    if (foundType === ARRAY) return true;
  }
  return false;
}

export class DateIndex {
  constructor(spec) {
    this.spec = spec;
    this.name = spec.name;
    this.key = spec.key;
    this.unique = false;
    [this.path] = Object.keys(spec.key);
    this.parts = pathParts(this.path);
    this.earliest = [];
    this.latest = [];
  }

  get expireAfterSeconds() {
    return this.spec.expireAfterSeconds;
  }

  add(buf, at, record) {
    const value = findPath(buf, at, this.parts);
    const isKnown = value >= 0 && foundType === DATE;
    if (value < 0 && !passesArray(buf, at, this.parts)) return;
    const block = Math.floor(record / BLOCK);
    while (this.earliest.length <= block) {
      this.earliest.push(Infinity);
      this.latest.push(-Infinity);
    }
    if (!isKnown) {
      // Dates in an array, perhaps: such a block is always looked at.
      this.earliest[block] = -Infinity;
      this.latest[block] = Infinity;
      return;
    }
    const date = readInt64(buf, value);
    if (date < this.earliest[block]) this.earliest[block] = date;
    if (date > this.latest[block]) this.latest[block] = date;
  }

  remove() {
    // Bounds stay as wide as they were; a block that empties is let go by the records table.
  }

  /** Narrows the bounds of a block whose documents have all been read. */
  raiseEarliest(block, date) {
    this.earliest[block] = date;
  }

  /** Whether a block may hold a date from `from` to `to`, both included. */
  mayHold(block, from, to) {
    return this.earliest[block] <= to && this.latest[block] >= from;
  }
}
