import { MongoError } from '../errors.mjs';
import { describeValue } from '../bson/describe.mjs';
import { Elements, OBJECT, RawValue, STRING, readString } from '../bson/raw.mjs';
import { decodeValue, plain } from '../bson/values.mjs';
import { encodeDocument } from '../bson/writer.mjs';
import { Filter } from '../query/filter.mjs';
import { DateIndex } from '../storage/date-index.mjs';
import { SecondaryIndex } from '../storage/secondary-index.mjs';
import { LatestView } from '../transactions/transactions.mjs';
import { checkExpiry, cursorReply } from './collections.mjs';

const ID_INDEX = { v: 2, key: { _id: 1 }, name: '_id_' };
const KNOWN = new Set(['key', 'name', 'v', 'unique', 'sparse', 'background', 'expireAfterSeconds', 'partialFilterExpression', 'ns', 'hidden']);
const UNSUPPORTED = new Set(['collation', 'wildcardProjection', 'weights', 'default_language', 'textIndexVersion', '2dsphereIndexVersion', 'storageEngine']);

/** Reads one index specification into the form that listIndexes shows. */
function parseSpec(value) {
  const given = {};
  for (const it = new Elements(value.buf, value.start); it.next();) {
    const { name } = it;
    if (UNSUPPORTED.has(name)) throw new MongoError('CommandNotSupported', `The index option '${name}' is not supported by this server`);
    if (!KNOWN.has(name)) {
      throw new MongoError('InvalidIndexSpecificationOption', `Error in specification: the field '${name}' is not valid for an index specification.`);
    }
    given[name] = RawValue.at(it.buf, it.type, it.value);
  }
  for (const required of ['key', 'name']) {
    if (given[required] === undefined) throw new MongoError('FailedToParse', `The '${required}' field is a required property of an index specification`);
  }
  if (given.key.type !== OBJECT) throw new MongoError('TypeMismatch', "The field 'key' must be an object");
  if (given.name.type !== STRING) throw new MongoError('TypeMismatch', "The field 'name' must be a string");
  const spec = { v: 2 };
  const option = name => (given[name] === undefined ? undefined : plain(decodeValue(given[name].buf, given[name].type, given[name].start)));
  if (option('unique')) spec.unique = true;
  spec.key = parseKey(given.key);
  spec.name = readString(given.name.buf, given.name.start);
  if (option('sparse')) spec.sparse = true;
  if (given.partialFilterExpression !== undefined) spec.partialFilterExpression = given.partialFilterExpression;
  if (given.expireAfterSeconds !== undefined) {
    if (Object.keys(spec.key).length > 1) {
      throw new MongoError('CannotCreateIndex', 'TTL indexes are single-field indexes, compound indexes do not support TTL. '
        + `Index spec: ${describeSpec(spec)}`);
    }
    const seconds = option('expireAfterSeconds');
    if (typeof seconds !== 'number') throw new MongoError('CannotCreateIndex', "TTL index 'expireAfterSeconds' option must be numeric");
    spec.expireAfterSeconds = checkExpiry(seconds);
  }
  return spec;
}

function parseKey(value) {
  const key = plain(decodeValue(value.buf, value.type, value.start));
  const paths = Object.keys(key);
  if (paths.length === 0) throw new MongoError('CannotCreateIndex', 'Index keys cannot be empty.');
  for (const path of paths) {
    if (typeof key[path] === 'string') throw new MongoError('CannotCreateIndex', `Unknown index plugin '${key[path]}'`);
    if (typeof key[path] !== 'number' || key[path] === 0 || Number.isNaN(key[path])) {
      throw new MongoError('CannotCreateIndex', `Values in v:2 index key pattern must be numbers other than 0 or strings. Got ${key[path]}`);
    }
    if (path === '' || path.split('.').some(part => part === '' || part.startsWith('$'))) {
      throw new MongoError('CannotCreateIndex', `Index key contains an illegal field name: ${path}`);
    }
  }
  return key;
}

function describeSpec(spec) {
  const buf = encodeDocument(spec);
  return describeValue(buf, OBJECT, 0);
}

/** What has to be the same for two specifications to mean the same index. */
function meaning({ key, unique, sparse, expireAfterSeconds, partialFilterExpression }) {
  return describeSpec({ key, unique, sparse, expireAfterSeconds, partialFilterExpression });
}

function compare(existing, spec) {
  const sameKey = JSON.stringify(existing.key) === JSON.stringify(spec.key);
  const both = `Requested index: ${describeSpec(spec)}, existing index: ${describeSpec(existing)}`;
  if (existing.name === spec.name) {
    if (!sameKey) {
      throw new MongoError('IndexKeySpecsConflict', 'An existing index has the same name as the requested index. When index names are not specified, '
        + `they are auto generated and can cause conflicts. Please refer to our documentation. ${both}`);
    }
    if (meaning(existing) === meaning(spec)) return true;
    throw new MongoError('IndexOptionsConflict', `An equivalent index already exists with the same name but different options. ${both}`);
  }
  if (sameKey && meaning(existing) === meaning(spec)) {
    throw new MongoError('IndexOptionsConflict', `Index already exists with a different name: ${existing.name}`);
  }
  return false;
}

function makeIndex(spec) {
  const isDates = spec.expireAfterSeconds !== undefined && !spec.unique && spec.partialFilterExpression === undefined;
  if (isDates) return new DateIndex(spec);
  const filter = spec.partialFilterExpression === undefined ? undefined : Filter.from(spec.partialFilterExpression);
  return new SecondaryIndex(spec, filter?.test);
}

function createIndexes(context) {
  const { request, server } = context;
  const list = request.documents('indexes');
  if (list.length === 0) throw new MongoError('BadValue', 'Must specify at least one index to create');
  const buf = Buffer.from(list.buf);
  const specs = list.starts.map(at => parseSpec(RawValue.at(buf, OBJECT, at)));
  let collection = context.collection();
  if (context.transaction !== undefined && collection !== undefined) {
    throw new MongoError('OperationNotSupportedInTransaction',
      `Cannot create new indexes on existing collection ${collection.namespace} in a multi-document transaction.`);
  }
  const createdCollectionAutomatically = collection === undefined;
  collection ??= context.collectionToWrite();
  const base = collection.isTimeSeries ? 0 : 1;
  const numIndexesBefore = base + collection.indexes.length;
  const wanted = [];
  for (const spec of specs) {
    if (collection.isTimeSeries) collection.checkIndex(spec);
    const isIdIndex = !collection.isTimeSeries && Object.keys(spec.key).join() === '_id';
    if (!isIdIndex && ![...collection.indexes.map(index => index.spec), ...wanted].some(existing => compare(existing, spec))) wanted.push(spec);
  }
  const made = wanted.map(spec => (collection.isTimeSeries ? collection.makeIndex(spec) : makeIndex(spec)));
  if (!collection.isTimeSeries) for (const index of made) build(collection, index, server);
  collection.indexes.push(...made);
  const counts = { numIndexesBefore, numIndexesAfter: base + collection.indexes.length };
  if (made.length === 0) return { ...counts, note: 'all indexes already exist' };
  return { ...counts, createdCollectionAutomatically, commitQuorum: 'votingMembers' };
}

/** Fills a new index from the collection; nothing has changed if a duplicate key stops it. */
function build(collection, index, server) {
  const view = new LatestView(server.transactions);
  for (let record = 0; record < collection.records.next; record++) {
    const versions = collection.records.chunk(record) === -2 ? [] : collection.versions(record);
    if (index.unique && collection.read(record, view)) collection.checkUnique(index, record, collection.buf, collection.at, view);
    for (const { buf, at } of versions) index.add(buf, at, record);
  }
}

function listIndexes(context) {
  const collection = context.collection();
  if (collection === undefined) throw new MongoError('NamespaceNotFound', `ns does not exist: ${context.namespace}`);
  const specs = [...collection.isTimeSeries ? [] : [ID_INDEX], ...collection.indexes.map(({ spec }) => spec)];
  const documents = specs.map(({ v, key, name, ...options }) => {
    const buf = encodeDocument({ v, key, name, ...options });
    return { buf, start: 0, end: buf.length };
  });
  return { cursor: cursorReply(context, context.namespace, documents) };
}

function dropIndexes(context) {
  const { request } = context;
  const collection = context.collection();
  if (collection === undefined) throw new MongoError('NamespaceNotFound', `ns not found ${context.namespace}`);
  const nIndexesWas = collection.indexes.length + (collection.isTimeSeries ? 0 : 1);
  const given = request.plain('index');
  if (given === undefined) throw new MongoError(40414, "BSON field 'dropIndexes.index' is missing but a required field");
  if (given === '*') {
    collection.indexes = [];
    return { msg: 'non-_id indexes dropped for collection', nIndexesWas };
  }
  const names = Array.isArray(given) ? given : [given];
  const dropped = names.map(name => {
    if (name === '_id_') throw new MongoError('InvalidOptions', 'cannot drop _id index');
    const index = collection.indexes.find(each => (typeof name === 'string' ? each.name === name : JSON.stringify(each.key) === JSON.stringify(name)));
    if (index === undefined) {
      throw new MongoError('IndexNotFound', typeof name === 'string' ? `index not found with name [${name}]`
        : `can't find index with key: ${JSON.stringify(name)}`);
    }
    return index;
  });
  collection.indexes = collection.indexes.filter(index => !dropped.includes(index));
  return { nIndexesWas };
}

export const indexCommands = {
  createIndexes: { fields: ['indexes', 'commitQuorum', 'ignoreUnknownIndexOptions'], isWrite: true, inTransaction: true, run: createIndexes },
  listIndexes: { fields: ['cursor'], run: listIndexes },
  dropIndexes: { fields: ['index'], isWrite: true, run: dropIndexes },
};
