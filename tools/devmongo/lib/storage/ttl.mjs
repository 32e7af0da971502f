// Removes what has expired: documents by their TTL index, measurements by their collection's expireAfterSeconds.
import { ARRAY, DATE, Elements, findPath, foundType, readInt64 } from '../bson/raw.mjs';
import { LatestView } from '../transactions/transactions.mjs';
import { DateIndex } from './date-index.mjs';
import { BLOCK } from './records.mjs';

/**
 * Removes what had expired at `now` (milliseconds since 1970); gives how many documents went. Stops soon after `most`, so
 * that a sweep does not hold up the requests behind it for long.
 */
export function expireDocuments(catalog, transactions, now, most) {
  let removed = 0;
  for (const collection of [...catalog.all()]) {
    const view = new LatestView(transactions);
    if (collection.isTimeSeries) {
      const seconds = collection.expireAfterSeconds;
      if (seconds !== undefined) removed += collection.expireBefore(now - seconds * 1000, view, most - removed);
      continue;
    }
    for (const index of collection.indexes) {
      const seconds = index.spec.expireAfterSeconds;
      if (seconds !== undefined) removed += expireByIndex(collection, index, now - seconds * 1000, view, most - removed);
    }
  }
  return removed;
}

function expireByIndex(collection, index, limit, view, most) {
  const { records } = collection;
  const parts = index instanceof DateIndex ? index.parts : index.parts[0];
  let removed = 0;
  for (let block = 0; block * BLOCK < records.next && removed < most; block++) {
    if (records.blocks[block] === undefined) continue;
    if (index instanceof DateIndex && !index.mayHold(block, -Infinity, limit)) continue;
    const end = Math.min((block + 1) * BLOCK, records.next);
    let earliestLeft = Infinity;
    for (let record = block * BLOCK; record < end; record++) {
      if (!collection.read(record, view)) continue;
      const date = earliestDate(collection.buf, collection.at, parts);
      if (!(date <= limit) || isBeingWritten(collection, record)) {
        if (date < earliestLeft) earliestLeft = date;
        continue;
      }
      collection.remove(record, view);
      removed++;
    }
    if (index instanceof DateIndex && !view.transactions.hasSnapshots) index.raiseEarliest(block, earliestLeft);
  }
  return removed;
}

/** A document that a transaction is writing waits for the next sweep. */
function isBeingWritten(collection, record) {
  return collection.records.stamp(record) < 0;
}

function earliestDate(buf, at, parts) {
  const value = findPath(buf, at, parts);
  if (value < 0) return NaN;
  if (foundType === DATE) return readInt64(buf, value);
  if (foundType !== ARRAY) return NaN;
  let earliest = NaN;
  for (const it = new Elements(buf, value); it.next();) {
    if (it.type !== DATE) continue;
    const date = readInt64(buf, it.value);
    if (!(earliest <= date)) earliest = date;
  }
  return earliest;
}
