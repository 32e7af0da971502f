// The handshake, collections and indexes. What a MongoDB 5.0 server answered.
import { ANY, anyOrder, FAILED, OK, at } from './vocabulary.mjs';

export const basics = {
  basics: [
    {
      title: 'hello: the handshake of a replica set of one',
      db: 'admin',
      command: { hello: 1 },
      reply: {
        topologyVersion: ANY, hosts: ANY, setName: ANY, setVersion: ANY, isWritablePrimary: true, secondary: false, primary: ANY, me: ANY,
        electionId: ANY, lastWrite: ANY, maxBsonObjectSize: 16777216, maxMessageSizeBytes: 48000000, maxWriteBatchSize: 100000,
        localTime: ANY, logicalSessionTimeoutMinutes: 30, connectionId: ANY, minWireVersion: 0, maxWireVersion: ANY, readOnly: false,
        ok: OK,
      },
    },
    {
      title: 'isMaster: its older form',
      db: 'admin',
      command: { isMaster: 1 },
      reply: {
        topologyVersion: ANY, hosts: ANY, setName: ANY, setVersion: ANY, ismaster: true, secondary: false, primary: ANY, me: ANY,
        electionId: ANY, lastWrite: ANY, maxBsonObjectSize: 16777216, maxMessageSizeBytes: 48000000, maxWriteBatchSize: 100000,
        localTime: ANY, logicalSessionTimeoutMinutes: 30, connectionId: ANY, minWireVersion: 0, maxWireVersion: ANY, readOnly: false,
        ok: OK,
      },
    },
    { title: 'ping', db: 'admin', command: { ping: 1 }, reply: { ok: OK } },
    {
      title: 'buildInfo',
      db: 'admin',
      command: { buildInfo: 1 },
      reply: {
        version: ANY, gitVersion: ANY, modules: ANY, allocator: ANY, javascriptEngine: ANY, sysInfo: ANY, versionArray: ANY, openssl: ANY,
        buildEnvironment: ANY, bits: 64, debug: ANY, maxBsonObjectSize: 16777216, storageEngines: ANY, ok: OK,
      },
    },
    {
      title: 'connectionStatus',
      db: 'admin',
      command: { connectionStatus: 1 },
      reply: { authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] }, ok: OK },
    },
    {
      title: 'an unknown command is named',
      db: 'admin',
      command: { nosuchcommand: 1 },
      reply: { ok: FAILED, errmsg: 'no such command: \'nosuchcommand\'', code: 59, codeName: 'CommandNotFound' },
    },
    {
      title: 'an unknown field of a command is named',
      command: { insert: 'x', documents: [{ _id: 1 }], bogus: 1 },
      reply: { ok: FAILED, errmsg: 'BSON field \'insert.bogus\' is an unknown field.', code: 40415, codeName: 'Location40415' },
    },
  ],
  create: [
    {
      title: 'a time series with granularity and expiry',
      command: {
        create: 'sensor_data', timeseries: { timeField: 'timestamp', metaField: 'meta', granularity: 'seconds' },
        expireAfterSeconds: 2592000,
      },
      reply: { ok: OK },
    },
    {
      title: 'the same again is refused',
      command: {
        create: 'sensor_data', timeseries: { timeField: 'timestamp', metaField: 'meta', granularity: 'seconds' },
        expireAfterSeconds: 2592000,
      },
      reply: {
        ok: FAILED, errmsg: 'A timeseries collection already exists. NS: conformance.sensor_data', code: 48,
        codeName: 'NamespaceExists',
      },
    },
    {
      title: 'a time series needs a time field',
      command: { create: 'bad_ts', timeseries: { metaField: 'meta' } },
      reply: {
        ok: FAILED, errmsg: 'BSON field \'create.timeseries.timeField\' is missing but a required field', code: 40414,
        codeName: 'Location40414',
      },
    },
    {
      title: 'granularity is one of three',
      command: { create: 'bad_ts', timeseries: { timeField: 't', granularity: 'days' } },
      reply: {
        ok: FAILED, errmsg: 'Enumeration value \'days\' for field \'create.timeseries.granularity\' is not a valid value.', code: 2,
        codeName: 'BadValue',
      },
    },
    {
      title: 'a collection with its own compressor',
      command: { create: 'z', storageEngine: { wiredTiger: { configString: 'block_compressor=zstd' } } },
      reply: { ok: OK },
    },
    {
      title: 'the same collection again is refused',
      command: { create: 'z' },
      reply: { ok: FAILED, errmsg: 'Collection already exists. NS: conformance.z', code: 48, codeName: 'NamespaceExists' },
    },
    {
      title: 'listCollections by name and type',
      command: { listCollections: 1, nameOnly: true },
      reply: {
        cursor: {
          id: 0, ns: 'conformance.$cmd.listCollections',
          firstBatch: anyOrder([
            { name: 'system.views', type: 'collection' }, { name: 'system.buckets.sensor_data', type: 'collection' },
            { name: 'z', type: 'collection' }, { name: 'sensor_data', type: 'timeseries' },
          ]),
        },
        ok: OK,
      },
    },
    {
      title: 'a time series says that it is one',
      varies: 'options differ between releases',
      command: { listCollections: 1, filter: { name: 'sensor_data' } },
      reply: {
        cursor: {
          id: 0, ns: 'conformance.$cmd.listCollections',
          firstBatch: [{ name: 'sensor_data', type: 'timeseries', options: ANY, info: { readOnly: false } }],
        },
        ok: OK,
      },
    },
  ],
  indexes: [
    {
      title: 'an index on a time series',
      varies: 'later releases index meta and time by themselves',
      command: { createIndexes: 'sensor_data', indexes: [{ key: { 'meta.device': 1, timestamp: 1 }, name: 'device_time' }] },
      reply: {
        numIndexesBefore: 0, numIndexesAfter: 1, createdCollectionAutomatically: false, commitQuorum: 'votingMembers', ok: OK,
      },
    },
    {
      title: 'no unique index on a time series',
      command: { createIndexes: 'sensor_data', indexes: [{ key: { 'meta.device': 1 }, name: 'u', unique: true }] },
      reply: {
        ok: FAILED, errmsg: 'Unique indexes are not supported on collections clustered by _id', code: 72, codeName: 'InvalidOptions',
      },
    },
    {
      title: 'a TTL index makes its collection',
      command: { createIndexes: 'inbox', indexes: [{ key: { at: 1 }, name: 'ttl', expireAfterSeconds: 172800 }] },
      reply: {
        numIndexesBefore: 1, numIndexesAfter: 2, createdCollectionAutomatically: true, commitQuorum: 'votingMembers', ok: OK,
      },
    },
    {
      title: 'the same index again is nothing to do',
      command: { createIndexes: 'inbox', indexes: [{ key: { at: 1 }, name: 'ttl', expireAfterSeconds: 172800 }] },
      reply: { numIndexesBefore: 2, numIndexesAfter: 2, note: 'all indexes already exist', ok: OK },
    },
    {
      title: 'other options under the same name are refused',
      command: { createIndexes: 'inbox', indexes: [{ key: { at: 1 }, name: 'ttl', expireAfterSeconds: 60 }] },
      reply: {
        ok: FAILED,
        errmsg: 'An equivalent index already exists with the same name but different options. Requested index: { v: 2, key: { at: 1 }, '
          + 'name: "ttl", expireAfterSeconds: 60 }, existing index: { v: 2, key: { at: 1 }, name: "ttl", expireAfterSeconds: 172800 }',
        code: 85, codeName: 'IndexOptionsConflict',
      },
    },
    {
      title: 'a unique index',
      command: { createIndexes: 'uq', indexes: [{ key: { k: 1 }, name: 'k', unique: true }] },
      reply: {
        numIndexesBefore: 1, numIndexesAfter: 2, createdCollectionAutomatically: true, commitQuorum: 'votingMembers', ok: OK,
      },
    },
    {
      title: 'another key under the same name is refused',
      command: { createIndexes: 'uq', indexes: [{ key: { k: -1 }, name: 'k' }] },
      reply: {
        ok: FAILED,
        errmsg: 'An existing index has the same name as the requested index. When index names are not specified, they are auto generated '
          + 'and can cause conflicts. Please refer to our documentation. Requested index: { v: 2, key: { k: -1 }, name: "k" }, '
          + 'existing index: { v: 2, unique: true, key: { k: 1 }, name: "k" }',
        code: 86, codeName: 'IndexKeySpecsConflict',
      },
    },
    {
      title: 'listIndexes shows _id first',
      command: { listIndexes: 'uq' },
      reply: {
        cursor: {
          id: 0, ns: 'conformance.uq',
          firstBatch: [{ v: 2, key: { _id: 1 }, name: '_id_' }, { v: 2, key: { k: 1 }, name: 'k', unique: true }],
        },
        ok: OK,
      },
    },
    {
      title: 'a time series has no _id index',
      varies: 'later releases index meta and time by themselves',
      command: { listIndexes: 'sensor_data' },
      reply: {
        cursor: { id: 0, ns: 'conformance.sensor_data', firstBatch: [{ v: 2, key: { 'meta.device': 1, timestamp: 1 }, name: 'device_time' }] },
        ok: OK,
      },
    },
    {
      title: 'listIndexes of no collection',
      command: { listIndexes: 'nope' },
      reply: { ok: FAILED, errmsg: 'ns does not exist: conformance.nope', code: 26, codeName: 'NamespaceNotFound' },
    },
  ],
};
