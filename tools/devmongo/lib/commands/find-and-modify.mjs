import { MongoError } from '../errors.mjs';
import { OBJECT, RawValue, readInt32 } from '../bson/raw.mjs';
import { variablesOf } from '../aggregate/variables.mjs';
import { Filter } from '../query/filter.mjs';
import { checkHint } from '../query/hints.mjs';
import { compileProjection } from '../query/project.mjs';
import { Selection } from '../query/select.mjs';
import { parseSort, sortDocuments } from '../query/sort.mjs';
import { parseUpdate } from '../update/update.mjs';
import { modify } from './update.mjs';
import { runStatements } from './statements.mjs';

function findAndModify(context) {
  const { request, server } = context;
  const removes = request.bool('remove');
  const upsert = request.bool('upsert');
  const returnsNew = request.bool('new');
  const update = request.raw('update');
  if (removes && update !== undefined) throw new MongoError('FailedToParse', 'Cannot specify both an update and remove=true');
  if (!removes && update === undefined) throw new MongoError('FailedToParse', 'Either an update or remove=true must be specified');
  if (removes && upsert) throw new MongoError('FailedToParse', 'Cannot specify both upsert=true and remove=true');
  if (removes && returnsNew) {
    throw new MongoError('FailedToParse', "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document");
  }
  for (const refused of ['collation', 'arrayFilters']) {
    if (request.raw(refused) !== undefined) throw new MongoError('CommandNotSupported', `${refused} is not supported by this server`);
  }
  let collection = context.collection();
  if (collection?.isTimeSeries) {
    throw new MongoError('CommandNotSupportedOnView', `Namespace ${collection.namespace} is a timeseries collection`);
  }
  checkHint(collection, request.plain('hint'));
  if (collection === undefined && upsert) collection = context.collectionToWrite();
  const variables = variablesOf(server, request.document('let'));
  const filter = Filter.from(request.document('query'), variables);
  const change = removes ? undefined : parseUpdate(update, { now: server.clock.now(), variables });
  const project = compileProjection(request.document('fields') ?? request.document('projection'));
  const sort = request.document('sort');
  const action = { collection, filter, change, project, keys: sort === undefined ? [] : parseSort(sort), upsert, returnsNew };
  let reply;
  return runStatements(context, 1, {
    execute() {
      reply = execute(context, action);
      return { ...reply };
    },
    replay(i, known) {
      reply = { ...known };
    },
    finish() {
      const [error] = context.writeErrors;
      context.writeErrors = undefined;
      if (error === undefined) return reply;
      const { index, code, errmsg, ...details } = error;
      throw new MongoError(code, errmsg, details);
    },
  });
}

function execute(context, { collection, filter, change, project, keys, upsert, returnsNew }) {
  const { view } = context;
  const record = collection === undefined ? -1 : findFirst(collection, filter, keys, view);
  if (record < 0) {
    if (change === undefined) return { lastErrorObject: { n: 0 }, value: null };
    if (!upsert) return { lastErrorObject: { n: 0, updatedExisting: false }, value: null };
    const made = Buffer.from(change.insertFrom(filter));
    collection.insert(made, 0, view);
    const upserted = RawValue.at(made, made[4], 9);
    return { lastErrorObject: { n: 1, updatedExisting: false, upserted }, value: returnsNew ? image(made, 0, project) : null };
  }
  collection.read(record, view);
  const before = image(collection.buf, collection.at, project);
  if (change === undefined) {
    collection.remove(record, view);
    return { lastErrorObject: { n: 1 }, value: before };
  }
  modify(collection, record, change, view);
  if (!returnsNew) return { lastErrorObject: { n: 1, updatedExisting: true }, value: before };
  collection.read(record, view);
  return { lastErrorObject: { n: 1, updatedExisting: true }, value: image(collection.buf, collection.at, project) };
}

function findFirst(collection, filter, keys, view) {
  const selection = new Selection(collection, filter, view);
  if (keys.length === 0) return selection.next();
  const found = [];
  for (let record = selection.next(); record >= 0; record = selection.next()) found.push({ record, buf: collection.buf, start: collection.at });
  return found.length === 0 ? -1 : sortDocuments(found, keys)[0].record;
}

/** A copy of a document, projected. */
function image(buf, at, project) {
  const { buf: from, start, end } = project === undefined ? { buf, start: at, end: at + readInt32(buf, at) } : project(buf, at);
  return new RawValue(OBJECT, Buffer.from(from.subarray(start, end)), 0, end - start);
}

export const findAndModifyCommands = {
  findAndModify: {
    fields: ['query', 'sort', 'remove', 'update', 'new', 'fields', 'projection', 'upsert', 'hint', 'collation', 'arrayFilters', 'let',
      'bypassDocumentValidation'],
    isWrite: true, isRetryable: true, inTransaction: true,
    run: findAndModify,
  },
};
findAndModifyCommands.findandmodify = findAndModifyCommands.findAndModify;
