import { ObjectId } from 'bson';
import { MongoError } from '../errors.mjs';
import { ARRAY, OBJECT_ID, REGEX, UNDEFINED, RawValue, Elements, readInt32, startsWithId, typeName } from '../bson/raw.mjs';
import { MAX_DOCUMENT } from '../bson/validate.mjs';
import { Branch } from '../update/tree.mjs';
import { Writer } from '../bson/writer.mjs';
import { checkBatch, runStatements } from './statements.mjs';

// From this size on, a batch's message is kept as the place of its documents rather than copied.
const ADOPT_FROM = 16_384;

function insert(context) {
  const list = context.request.documents('documents');
  checkBatch(context, list.length);
  const collection = context.collectionToWrite();
  if (collection.isTimeSeries && context.transaction !== undefined) {
    throw new MongoError('OperationNotSupportedInTransaction', `time-series insert failed: ${collection.namespace} :: caused by :: `
      + `Cannot insert into a time-series collection in a multi-document transaction: ${collection.namespace}`);
  }
  const { buf } = list;
  if (!list.isSection || buf.length < ADOPT_FROM) return insertAll(context, collection, list, -1);
  const { heap } = collection;
  const chunk = heap.adopt(buf);
  // The chunk must not be dropped with a document of it before the batch is through.
  heap.hold(chunk);
  let result;
  try {
    result = insertAll(context, collection, list, chunk);
    return result;
  } finally {
    if (result instanceof Promise) result.then(() => heap.letGo(chunk), () => heap.letGo(chunk));
    else heap.letGo(chunk);
  }
}

function insertAll(context, collection, { buf, starts }, chunk) {
  let n = 0;
  return runStatements(context, starts.length, {
    execute(i) {
      insertOne(collection, buf, starts[i], context.view, chunk);
      n++;
    },
    replay() {
      n++;
    },
    finish: () => ({ n }),
  });
}

function insertOne(collection, buf, at, view, chunk) {
  if (startsWithId(buf, at) && isPlain(buf, at)) {
    collection.insert(buf, at, view, chunk);
    return;
  }
  checkDocument(buf, at);
  const ready = withIdFirst(buf, at);
  collection.insert(ready, 0, view);
}

/** Whether a document can be stored as it is: no error to report, nothing to change. */
function isPlain(buf, at) {
  const idType = buf[at + 4];
  if (idType === ARRAY || idType === REGEX || idType === UNDEFINED) return false;
  if (readInt32(buf, at) > MAX_DOCUMENT) return false;
  for (const it = new Elements(buf, at); it.next();) if (buf[it.nameStart] === 0x24) return false;
  return true;
}

function checkDocument(buf, at) {
  const size = readInt32(buf, at);
  if (size > MAX_DOCUMENT) {
    throw new MongoError('BadValue', `object to insert too large. size in bytes: ${size}, max size: ${MAX_DOCUMENT}`);
  }
  for (const it = new Elements(buf, at); it.next();) {
    const { name } = it;
    if (name.startsWith('$')) throw new MongoError('BadValue', `Document can't have $ prefixed field names: ${name}`);
    if (name === '_id' && (it.type === ARRAY || it.type === REGEX || it.type === UNDEFINED)) {
      throw new MongoError('BadValue', `can't use ${it.type === REGEX ? 'a regex' : it.type === ARRAY ? 'an array' : `a ${typeName(it.type)}`} for _id`);
    }
  }
}

function withIdFirst(buf, at) {
  const branch = Branch.of(buf, at);
  const place = branch.indexOf('_id');
  const id = place < 0 ? new RawValue(OBJECT_ID, Buffer.from(new ObjectId().id), 0, 12) : branch.values[place];
  if (place >= 0) {
    branch.names.splice(place, 1);
    branch.values.splice(place, 1);
  }
  branch.names.unshift('_id');
  branch.values.unshift(id);
  const writer = new Writer(readInt32(buf, at) + 32);
  branch.write(writer);
  return writer.finish();
}

export const insertCommands = {
  insert: {
    fields: ['documents', 'ordered', 'bypassDocumentValidation'],
    isWrite: true, showsOpTime: true, isRetryable: true, inTransaction: true, opcounter: 'insert',
    run: insert,
  },
};
