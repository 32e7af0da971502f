import { MongoError } from '../errors.mjs';
import { sameBytes } from '../bson/compare.mjs';
import { Elements, RawValue, readInt32 } from '../bson/raw.mjs';
import { decodeDocument, decodeValue, plain } from '../bson/values.mjs';
import { variablesOf } from '../aggregate/variables.mjs';
import { Filter } from '../query/filter.mjs';
import { checkHint } from '../query/hints.mjs';
import { Selection, writable } from '../query/select.mjs';
import { parseUpdate } from '../update/update.mjs';
import { checkBatch, runStatements } from './statements.mjs';

const KNOWN = new Set(['q', 'u', 'c', 'multi', 'upsert', 'hint', 'collation', 'arrayFilters']);

/** Reads one statement of an update command; a field of it that is not known is an error of the whole command. */
function parseStatement(buf, at) {
  const statement = { q: undefined, u: undefined, c: undefined, multi: false, upsert: false, hint: undefined };
  for (const it = new Elements(buf, at); it.next();) {
    const { name } = it;
    if (!KNOWN.has(name)) throw new MongoError(40415, `BSON field 'update.updates.${name}' is an unknown field.`);
    const value = RawValue.at(buf, it.type, it.value);
    if (name === 'multi' || name === 'upsert') statement[name] = Boolean(plain(decodeValue(buf, it.type, it.value)));
    else if (name === 'hint') statement.hint = plain(decodeValue(buf, it.type, it.value));
    else if (name === 'collation') throw new MongoError('CommandNotSupported', 'Collation is not supported by this server');
    else if (name === 'arrayFilters') {
      if (readInt32(buf, it.value) > 5) throw new MongoError('CommandNotSupported', 'arrayFilters are not supported by this server');
    } else statement[name] = value;
  }
  for (const name of ['q', 'u']) {
    if (statement[name] === undefined) throw new MongoError(40414, `BSON field 'update.updates.${name}' is missing but a required field`);
  }
  return statement;
}

function update(context) {
  const { request, server } = context;
  const list = request.documents('updates');
  checkBatch(context, list.length);
  const statements = list.starts.map(at => parseStatement(list.buf, at));
  if (context.isRetryable && statements.some(({ multi }) => multi)) {
    throw new MongoError('InvalidOptions', 'Cannot use retryable writes with multi=true');
  }
  let collection = context.collection();
  if (collection === undefined && statements.some(({ upsert }) => upsert)) collection = context.collectionToWrite();
  const variables = variablesOf(server, request.document('let'));
  const totals = { n: 0, nModified: 0, upserted: [] };
  const add = (i, result) => {
    totals.n += result.n;
    totals.nModified += result.nModified;
    if (result.upserted !== undefined) totals.upserted.push({ index: i, _id: result.upserted });
  };
  return runStatements(context, statements.length, {
    execute(i) {
      const result = updateOne(context, collection, statements[i], server.clock.now(), variables);
      add(i, result);
      return result;
    },
    replay: add,
    finish: () => ({ n: totals.n, ...totals.upserted.length > 0 ? { upserted: totals.upserted } : {}, nModified: totals.nModified }),
  });
}

function updateOne(context, collection, { q, u, c, multi, upsert, hint }, now, shared) {
  const variables = c === undefined ? shared : { ...shared, ...decodeDocument(c.buf, c.start) };
  const change = parseUpdate(u, { now, variables });
  const filter = Filter.from(q, variables);
  if (change.isReplacement && multi) throw new MongoError('FailedToParse', 'multi update is not supported for replacement-style update');
  if (collection === undefined) return { n: 0, nModified: 0 };
  checkHint(collection, hint);
  if (collection.isTimeSeries) return collection.updateMeta({ q, u, filter, multi, upsert }, context.view, change);
  const result = { n: 0, nModified: 0, upserted: undefined };
  const selection = new Selection(collection, filter, context.view);
  const records = writable(selection, context.view, multi ? Infinity : 1);
  for (const record of records) {
    collection.read(record, context.view);
    if (modify(collection, record, change, context.view)) result.nModified++;
  }
  result.n = records.length;
  if (result.n === 0 && upsert) {
    const made = Buffer.from(change.insertFrom(filter));
    collection.insert(made, 0, context.view);
    result.n = 1;
    result.upserted = RawValue.at(made, made[4], 9);
  }
  return result;
}

/** Changes the version that `collection.read` has just found; says whether anything is different afterwards. */
export function modify(collection, record, change, view) {
  const { buf, at } = collection;
  const changed = change.apply(buf, at);
  if (changed.length === readInt32(buf, at) && sameBytes(buf, at, changed, 0, changed.length)) return false;
  collection.replace(record, changed, 0, view, change.isReplacement);
  return true;
}

export const updateCommands = {
  update: {
    fields: ['updates', 'ordered', 'bypassDocumentValidation', 'let', 'runtimeConstants'],
    isWrite: true, showsOpTime: true, isRetryable: true, inTransaction: true, opcounter: 'update',
    run: update,
  },
};
