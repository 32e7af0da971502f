// Databases and collections: create, list, drop.
import { MongoError } from '../errors.mjs';
import { OBJECT, RawValue } from '../bson/raw.mjs';
import { encodeDocument } from '../bson/writer.mjs';
import { Filter } from '../query/filter.mjs';
import { ListStream } from '../query/streams.mjs';
import { Collection } from '../storage/collection.mjs';
import { TimeSeriesCollection, parseTimeSeries } from '../storage/time-series.mjs';

const UNSUPPORTED_OPTIONS = ['validator', 'capped', 'viewOn', 'collation', 'clusteredIndex', 'encryptedFields', 'size', 'max'];

function create(context) {
  const { request, server, db } = context;
  const name = request.collectionName();
  const existing = server.catalog.find(db, name);
  const options = {};
  const timeseries = request.document('timeseries');
  if (timeseries !== undefined) options.timeseries = parseTimeSeries(timeseries);
  for (const refused of UNSUPPORTED_OPTIONS) {
    const value = request.raw(refused);
    if (value !== undefined && request.plain(refused) !== false) {
      throw new MongoError('CommandNotSupported', `The option '${refused}' of create is not supported by this server`);
    }
  }
  const expireAfterSeconds = request.number('expireAfterSeconds');
  if (expireAfterSeconds !== undefined) {
    if (timeseries === undefined) {
      throw new MongoError('InvalidOptions',
        "'expireAfterSeconds' is only supported on time-series collections or when the 'clusteredIndex' option is specified");
    }
    options.expireAfterSeconds = checkExpiry(expireAfterSeconds);
  }
  const engine = request.plain('storageEngine');
  if (engine !== undefined) options.storageEngine = checkEngine(engine);
  if (existing !== undefined) {
    throw new MongoError('NamespaceExists', existing.isTimeSeries ? `A timeseries collection already exists. NS: ${existing.namespace}`
      : `Collection already exists. NS: ${existing.namespace}`);
  }
  const { transactions } = server;
  server.catalog.create(db, name, namespace => (timeseries === undefined
    ? new Collection(namespace, options, transactions) : new TimeSeriesCollection(namespace, options, transactions)));
  return {};
}

export function checkExpiry(seconds) {
  if (seconds < 0 || seconds > 0x7fffffff) {
    throw new MongoError('InvalidOptions', `BSON field 'expireAfterSeconds' must be within the range of 0 to 2147483647, but got ${seconds}`);
  }
  return seconds;
}

function checkEngine(engine) {
  for (const [name, { configString }] of Object.entries(engine)) {
    if (name !== 'wiredTiger') throw new MongoError('InvalidOptions', `${name} is not a registered storage engine for this server`);
    if (configString !== undefined && !/^(\w+=[\w()=,.]*,?)*$/.test(configString)) {
      throw new MongoError('BadValue', `Error in configString: '${configString}'`);
    }
  }
  return engine;
}

function* described(collections) {
  const hasTimeSeries = [...collections.values()].some(({ isTimeSeries }) => isTimeSeries);
  if (hasTimeSeries) yield { name: 'system.views', type: 'collection', options: {}, info: { readOnly: false } };
  for (const [name, { isTimeSeries, options }] of collections) {
    if (isTimeSeries) {
      yield { name: `system.buckets.${name}`, type: 'collection', options: {}, info: { readOnly: false } };
      yield { name, type: 'timeseries', options, info: { readOnly: false } };
    } else {
      yield { name, type: 'collection', options, info: { readOnly: false }, idIndex: { v: 2, key: { _id: 1 }, name: '_id_' } };
    }
  }
}

function listCollections(context) {
  const { request, server, db } = context;
  const filter = Filter.from(request.document('filter'));
  const nameOnly = request.bool('nameOnly');
  const documents = [];
  for (const entry of described(server.catalog.collections(db))) {
    const buf = encodeDocument(entry);
    if (!filter.test(buf, 0)) continue;
    const shown = nameOnly ? encodeDocument({ name: entry.name, type: entry.type }) : buf;
    documents.push({ buf: shown, start: 0, end: shown.length });
  }
  return { cursor: cursorReply(context, `${db}.$cmd.listCollections`, documents) };
}

/** The batch size of a `cursor` option, and a cursor over documents that are already there. */
export function cursorReply(context, namespace, documents) {
  const batchSize = context.request.plain('cursor')?.batchSize;
  return context.server.cursors.first(context, namespace, new ListStream(documents), { batchSize });
}

function listDatabases({ request, server }) {
  const filter = Filter.from(request.document('filter'));
  const nameOnly = request.bool('nameOnly');
  const databases = [];
  for (const name of server.catalog.databaseNames.sort()) {
    let sizeOnDisk = 0;
    for (const { heap } of server.catalog.collections(name).values()) sizeOnDisk += heap.bytes;
    const entry = nameOnly ? { name } : { name, sizeOnDisk: BigInt(sizeOnDisk), empty: sizeOnDisk === 0 };
    const buf = encodeDocument(entry);
    if (filter.test(buf, 0)) databases.push(new RawValue(OBJECT, buf, 0, buf.length));
  }
  return { databases };
}

function drop({ request, server, db }) {
  const dropped = server.catalog.drop(db, request.collectionName());
  if (dropped === undefined) throw new MongoError('NamespaceNotFound', 'ns not found');
  return { nIndexesWas: dropped.indexes.length + (dropped.isTimeSeries ? 0 : 1), ns: dropped.namespace };
}

function dropDatabase({ server, db }) {
  for (const name of [...server.catalog.collections(db).keys()]) server.catalog.drop(db, name);
  return {};
}

/** Changes when documents of a time-series collection, or of a TTL index, expire. */
function collMod(context) {
  const { request } = context;
  const collection = context.collection();
  if (collection === undefined) throw new MongoError('NamespaceNotFound', `ns does not exist: ${context.namespace}`);
  const expiry = request.plain('expireAfterSeconds');
  if (expiry !== undefined) {
    if (!collection.isTimeSeries) throw new MongoError('InvalidOptions', "'expireAfterSeconds' option is only supported on collections clustered by _id");
    collection.options.expireAfterSeconds = expiry === 'off' ? undefined : checkExpiry(expiry);
  }
  if (request.has('timeseries')) collection.setGranularity(request.plain('timeseries'));
  const spec = request.plain('index');
  return spec === undefined ? {} : changeIndexExpiry(collection, spec);
}

function changeIndexExpiry(collection, { name, keyPattern, expireAfterSeconds, ...rest }) {
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new MongoError('InvalidOptions', `collMod on an index changes only 'expireAfterSeconds' here, not '${unknown}'`);
  const index = collection.indexes.find(each => (name !== undefined ? each.name === name : JSON.stringify(each.key) === JSON.stringify(keyPattern)));
  if (index === undefined) {
    throw new MongoError('IndexNotFound', `cannot find index ${name ?? JSON.stringify(keyPattern)} for ns ${collection.namespace}`);
  }
  if (index.expireAfterSeconds === undefined) throw new MongoError('InvalidOptions', 'no expireAfterSeconds field to update');
  const before = index.spec.expireAfterSeconds;
  index.spec.expireAfterSeconds = checkExpiry(expireAfterSeconds);
  return { expireAfterSeconds_old: BigInt(before), expireAfterSeconds_new: BigInt(expireAfterSeconds) };
}

const CREATE_FIELDS = ['timeseries', 'expireAfterSeconds', 'storageEngine', 'validationLevel', 'validationAction', 'idIndex', 'indexOptionDefaults',
  'autoIndexId', 'temp', ...UNSUPPORTED_OPTIONS];

export const collectionCommands = {
  create: { fields: CREATE_FIELDS, isWrite: true, inTransaction: true, run: create },
  listCollections: { fields: ['filter', 'nameOnly', 'cursor', 'authorizedCollections'], run: listCollections },
  listDatabases: { fields: ['filter', 'nameOnly', 'authorizedDatabases'], isAdminOnly: true, run: listDatabases },
  drop: { fields: [], isWrite: true, run: drop },
  dropDatabase: { fields: [], isWrite: true, run: dropDatabase },
  collMod: { fields: ['index', 'timeseries', 'expireAfterSeconds'], isWrite: true, run: collMod },
};
