// Where a selection's records come from.
import { DATE, readInt64 } from '../bson/raw.mjs';
import { BLOCK } from '../storage/records.mjs';

/** The limits that a filter sets to a date, in milliseconds; undefined if it sets none. */
export function dateRange(filter, path) {
  let from = -Infinity;
  let to = Infinity;
  for (const { path: of, operator, operand } of filter.terms) {
    if (of !== path || operand.type !== DATE) continue;
    const date = readInt64(operand.buf, operand.start);
    if (operator === '$gte' || operator === '$gt' || operator === '$eq') from = Math.max(from, date);
    if (operator === '$lte' || operator === '$lt' || operator === '$eq') to = Math.min(to, date);
  }
  return from === -Infinity && to === Infinity ? undefined : { from, to };
}

export class ListSource {
  constructor(records, isExact) {
    this.records = records;
    this.isExact = isExact;
    this.at = 0;
  }

  next() {
    return this.at < this.records.length ? this.records[this.at++] : -1;
  }
}

/** All records in the order they came, leaving out blocks that are gone or that `accepts` rules out. */
export class BlockSource {
  constructor(collection, accepts) {
    this.table = collection.records;
    this.accepts = accepts;
    this.isExact = false;
    this.record = 0;
  }

  next() {
    const { table } = this;
    while (this.record < table.next) {
      if (this.record % BLOCK === 0) {
        const block = this.record / BLOCK;
        if (table.blocks[block] === undefined || (this.accepts !== undefined && !this.accepts(block))) {
          this.record += BLOCK;
          continue;
        }
      }
      return this.record++;
    }
    return -1;
  }
}
