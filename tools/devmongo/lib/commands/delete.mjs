import { MongoError } from '../errors.mjs';
import { Elements, RawValue } from '../bson/raw.mjs';
import { decodeValue, plain } from '../bson/values.mjs';
import { Filter } from '../query/filter.mjs';
import { checkHint } from '../query/hints.mjs';
import { Selection, writable } from '../query/select.mjs';
import { checkBatch, runStatements } from './statements.mjs';

const KNOWN = new Set(['q', 'limit', 'hint', 'collation']);

function parseStatement(buf, at) {
  let q;
  let limit;
  let hint;
  for (const it = new Elements(buf, at); it.next();) {
    const { name } = it;
    if (!KNOWN.has(name)) throw new MongoError(40415, `BSON field 'delete.deletes.${name}' is an unknown field.`);
    if (name === 'q') q = RawValue.at(buf, it.type, it.value);
    else if (name === 'limit') limit = plain(decodeValue(buf, it.type, it.value));
    else if (name === 'hint') hint = plain(decodeValue(buf, it.type, it.value));
    else if (name === 'collation') throw new MongoError('CommandNotSupported', 'Collation is not supported by this server');
  }
  if (q === undefined) throw new MongoError(40414, "BSON field 'delete.deletes.q' is missing but a required field");
  if (limit === undefined) throw new MongoError(40414, "BSON field 'delete.deletes.limit' is missing but a required field");
  if (limit !== 0 && limit !== 1) throw new MongoError('FailedToParse', `The limit field in delete objects must be 0 or 1. Got ${limit}`);
  return { q, limit, hint };
}

function remove(context) {
  const list = context.request.documents('deletes');
  checkBatch(context, list.length);
  const statements = list.starts.map(at => parseStatement(list.buf, at));
  if (context.isRetryable && statements.some(({ limit }) => limit === 0)) {
    throw new MongoError('InvalidOptions', 'Cannot use retryable writes with limit=0');
  }
  const collection = context.collection();
  let n = 0;
  return runStatements(context, statements.length, {
    execute(i) {
      const removed = removeMatching(context, collection, statements[i]);
      n += removed;
      return removed;
    },
    replay(i, removed) {
      n += removed;
    },
    finish: () => ({ n }),
  });
}

function removeMatching(context, collection, { q, limit, hint }) {
  const filter = Filter.from(q);
  if (collection === undefined) return 0;
  checkHint(collection, hint);
  if (collection.isTimeSeries) collection.checkDelete(q, limit, context.view);
  const selection = new Selection(collection, filter, context.view);
  const records = writable(selection, context.view, limit === 1 ? 1 : Infinity);
  for (const record of records) collection.remove(record, context.view);
  return records.length;
}

export const deleteCommands = {
  delete: {
    fields: ['deletes', 'ordered', 'let', 'runtimeConstants'],
    isWrite: true, showsOpTime: true, isRetryable: true, inTransaction: true, opcounter: 'delete',
    run: remove,
  },
};
