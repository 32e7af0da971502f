// A hint must name an index that is there. Which index is used is the server's own choice all the same.
import { MongoError } from '../errors.mjs';

/** Throws BadValue, as MongoDB does, unless `hint` (a name or a key pattern) is an index of the collection. */
export function checkHint(collection, hint) {
  if (hint === undefined || collection === undefined) return;
  const isEmpty = typeof hint === 'object' && Object.keys(hint).length === 0;
  if (isEmpty || (typeof hint === 'object' && '$natural' in hint)) return;
  const known = [...collection.isTimeSeries ? [] : [{ name: '_id_', key: { _id: 1 } }], ...collection.indexes];
  const isKnown = known.some(({ name, key }) => (typeof hint === 'string' ? name === hint : JSON.stringify(key) === JSON.stringify(hint)));
  if (!isKnown) {
    throw new MongoError('BadValue', 'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index');
  }
}
