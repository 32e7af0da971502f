// Inserts, time series and updates. What a MongoDB 5.0 server answered.
import { ANY, anyOrder, FAILED, OK, at, double, measurement, uuid } from './vocabulary.mjs';

export const documents = {
  insert: [
    {
      title: 'an ordered insert stops at its first error',
      command: { insert: 'uq', documents: [{ _id: 1, k: 1 }, { _id: 1, k: 2 }, { _id: 2, k: 1 }, { _id: 3, k: 3 }], ordered: true },
      reply: {
        n: 1, electionId: ANY, opTime: ANY,
        writeErrors: [
          {
            index: 1, code: 11000, keyPattern: { _id: 1 }, keyValue: { _id: 1 },
            errmsg: 'E11000 duplicate key error collection: conformance.uq index: _id_ dup key: { _id: 1 }',
          },
        ],
        ok: OK,
      },
    },
    {
      title: 'an unordered insert goes on, each error with its key',
      command: { insert: 'uq', documents: [{ _id: 1, k: 1 }, { _id: 1, k: 2 }, { _id: 2, k: 1 }, { _id: 3, k: 3 }], ordered: false },
      reply: {
        n: 1, electionId: ANY, opTime: ANY,
        writeErrors: [
          {
            index: 0, code: 11000, keyPattern: { _id: 1 }, keyValue: { _id: 1 },
            errmsg: 'E11000 duplicate key error collection: conformance.uq index: _id_ dup key: { _id: 1 }',
          },
          {
            index: 1, code: 11000, keyPattern: { _id: 1 }, keyValue: { _id: 1 },
            errmsg: 'E11000 duplicate key error collection: conformance.uq index: _id_ dup key: { _id: 1 }',
          },
          {
            index: 2, code: 11000, keyPattern: { k: 1 }, keyValue: { k: 1 },
            errmsg: 'E11000 duplicate key error collection: conformance.uq index: k dup key: { k: 1 }',
          },
        ],
        ok: OK,
      },
    },
    {
      title: '_id cannot be an array',
      command: { insert: 'uq', documents: [{ _id: [1] }] },
      reply: {
        n: 0, electionId: ANY, opTime: ANY, writeErrors: [{ index: 0, code: 2, errmsg: 'can\'t use an array for _id' }], ok: OK,
      },
    },
    {
      title: 'no field may begin with a dollar',
      varies: 'MongoDB 5.0 takes such fields',
      command: { insert: 'uq', documents: [{ _id: 9, $x: 1 }] },
      reply: {
        n: 0, electionId: ANY, opTime: ANY,
        writeErrors: [{ index: 0, code: 2, errmsg: 'Document can\'t have $ prefixed field names: $x' }], ok: OK,
      },
    },
  ],
  timeseries: [
    {
      title: 'forty measurements',
      command: { insert: 'sensor_data', documents: Array.from({ length: 40 }, (_, i) => measurement(i)), ordered: false },
      reply: { n: 40, electionId: ANY, opTime: ANY, ok: OK },
    },
    {
      title: 'the same _id again is one more measurement',
      command: { insert: 'sensor_data', documents: [measurement(0)], ordered: false },
      reply: { n: 1, electionId: ANY, opTime: ANY, ok: OK },
    },
    { title: 'both are counted', command: { count: 'sensor_data', query: { _id: uuid(0) } }, reply: { n: 2, ok: OK } },
    // A pre-release counted refused measurements in n. Documented, and released, is what was inserted.
    {
      title: 'a measurement without time',
      command: { insert: 'sensor_data', documents: [{ _id: uuid(99), meta: { device: 'd0' } }] },
      reply: {
        n: 0, writeErrors: [{ index: 0, code: 2, errmsg: '\'timestamp\' must be present and contain a valid BSON UTC datetime value' }],
        ok: OK,
      },
    },
    {
      title: 'a measurement whose time is no date',
      command: { insert: 'sensor_data', documents: [{ _id: uuid(99), timestamp: 'no date', meta: { device: 'd0' } }] },
      reply: {
        n: 0, writeErrors: [{ index: 0, code: 2, errmsg: '\'timestamp\' must be present and contain a valid BSON UTC datetime value' }],
        ok: OK,
      },
    },
    {
      title: 'find by device, time and _id, sorted and projected',
      command: {
        find: 'sensor_data',
        filter: {
          'meta.device': { $in: ['d0', 'd1'] }, timestamp: { $gte: at(10, 0), $lt: at(11, 0) }, _id: { $in: [uuid(0), uuid(1), uuid(2)] },
        },
        projection: { _id: 1 }, sort: { timestamp: 1 },
      },
      reply: {
        cursor: { firstBatch: [{ _id: uuid(0) }, { _id: uuid(0) }, { _id: uuid(1) }], id: 0, ns: 'conformance.sensor_data' },
        ok: OK,
      },
    },
    {
      title: 'no findAndModify on a time series',
      command: { findAndModify: 'sensor_data', query: { 'meta.device': 'd0' }, update: { $set: { x: 1 } } },
      reply: {
        ok: FAILED, errmsg: 'Namespace conformance.sensor_data is a timeseries collection', code: 166,
        codeName: 'CommandNotSupportedOnView',
      },
    },
    {
      title: 'distinct values of a part of meta',
      command: { distinct: 'sensor_data', key: 'meta.device' },
      reply: { values: anyOrder(['d0', 'd1', 'd2']), ok: OK },
    },
  ],
  update: [
    {
      title: 'upserts: the first inserts, the second updates',
      command: {
        update: 'up',
        updates: [
          {
            q: { _id: 'a' }, u: { $inc: { n: 1, s: double(2.5) }, $min: { lo: 3 }, $max: { hi: 3 }, $setOnInsert: { new: true } },
            upsert: true,
          },
          {
            q: { _id: 'a' }, u: { $inc: { n: 1, s: double(2.5) }, $min: { lo: 1 }, $max: { hi: 9 }, $setOnInsert: { new: false } },
            upsert: true,
          },
        ],
      },
      reply: { n: 2, electionId: ANY, opTime: ANY, upserted: [{ index: 0, _id: 'a' }], nModified: 1, ok: OK },
    },
    {
      title: 'new fields come in the order of their names',
      command: { find: 'up', filter: {} },
      reply: {
        cursor: { firstBatch: [{ _id: 'a', hi: 9, lo: 1, n: 2, new: true, s: double(5) }], id: 0, ns: 'conformance.up' }, ok: OK,
      },
    },
    {
      title: 'an upsert whose filter asks more than _id inserts',
      command: {
        update: 'up', updates: [{ q: { _id: 'dev', last_seen: { $lt: at(10, 0) } }, u: { $set: { last_seen: at(10, 0) } }, upsert: true }],
      },
      reply: { n: 1, electionId: ANY, opTime: ANY, upserted: [{ index: 0, _id: 'dev' }], nModified: 0, ok: OK },
    },
    {
      title: 'and collides the next time, when the filter fails',
      command: {
        update: 'up', updates: [{ q: { _id: 'dev', last_seen: { $lt: at(10, 0) } }, u: { $set: { last_seen: at(10, 0) } }, upsert: true }],
      },
      reply: {
        n: 0, electionId: ANY, opTime: ANY,
        writeErrors: [
          {
            index: 0, code: 11000, keyPattern: { _id: 1 }, keyValue: { _id: 'dev' },
            errmsg: 'E11000 duplicate key error collection: conformance.up index: _id_ dup key: { _id: "dev" }',
          },
        ],
        nModified: 0, ok: OK,
      },
    },
    {
      title: 'an upsert by pipeline',
      command: {
        update: 'up',
        updates: [
          {
            q: { _id: 'p' },
            u: [
              {
                $set: {
                  last: { $cond: [{ $gt: [at(10, 0), { $ifNull: ['$at', new Date('1970-01-01T00:00:00Z')] }] }, double(21.5), '$last'] },
                  at: { $max: ['$at', at(10, 0)] },
                },
              },
            ],
            upsert: true,
          },
        ],
      },
      reply: { n: 1, electionId: ANY, opTime: ANY, upserted: [{ index: 0, _id: 'p' }], nModified: 0, ok: OK },
    },
    {
      title: 'a pipeline that changes nothing',
      command: {
        update: 'up',
        updates: [
          {
            q: { _id: 'p' },
            u: [
              {
                $set: {
                  last: {
                    $cond: [{ $gt: [new Date('2020-01-01T00:00:00Z'), { $ifNull: ['$at', new Date('1970-01-01T00:00:00Z')] }] }, 99, '$last'],
                  },
                  at: { $max: ['$at', new Date('2020-01-01T00:00:00Z')] },
                },
              },
            ],
            upsert: true,
          },
        ],
      },
      reply: { n: 1, electionId: ANY, opTime: ANY, nModified: 0, ok: OK },
    },
    {
      title: 'what the pipeline left',
      command: { find: 'up', filter: { _id: 'p' } },
      reply: { cursor: { firstBatch: [{ _id: 'p', last: double(21.5), at: at(10, 0) }], id: 0, ns: 'conformance.up' }, ok: OK },
    },
    {
      title: 'errors of single updates',
      command: {
        update: 'up',
        updates: [
          { q: { _id: 'a' }, u: { $inc: { new: 1 } } }, { q: { _id: 'a' }, u: { $set: { _id: 'b' } } },
          { q: { _id: 'a' }, u: { $bogus: { x: 1 } } },
        ],
        ordered: false,
      },
      reply: {
        n: 0, electionId: ANY, opTime: ANY,
        writeErrors: [
          {
            index: 0, code: 14,
            errmsg: 'Cannot apply $inc to a value of non-numeric type. {_id: "a"} has the field \'new\' of non-numeric type bool',
          },
          { index: 1, code: 66, errmsg: 'Performing an update on the path \'_id\' would modify the immutable field \'_id\'' },
          {
            index: 2, code: 9,
            errmsg: 'Unknown modifier: $bogus. Expected a valid update modifier or pipeline-style update specified as an array',
          },
        ],
        nModified: 0, ok: OK,
      },
    },
    {
      title: 'an upsert by replacement',
      command: { update: 'up', updates: [{ q: { _id: 'zz' }, u: { _id: 'zz', Version: 1 }, upsert: true }] },
      reply: { n: 1, electionId: ANY, opTime: ANY, upserted: [{ index: 0, _id: 'zz' }], nModified: 0, ok: OK },
    },
    {
      title: 'a version that is gone matches nothing',
      command: { update: 'up', updates: [{ q: { _id: 'zz', Version: 0 }, u: { _id: 'zz', Version: 2 } }] },
      reply: { n: 0, electionId: ANY, opTime: ANY, nModified: 0, ok: OK },
    },
    {
      title: 'findAndModify gives the new document, projected',
      command: { findAndModify: 'up', query: { _id: 'a' }, update: { $inc: { n: 1 } }, new: true, fields: { n: 1 } },
      reply: { lastErrorObject: { n: 1, updatedExisting: true }, value: { _id: 'a', n: 3 }, ok: OK },
    },
    {
      title: 'findAndModify of nothing',
      command: { findAndModify: 'up', query: { _id: 'none' }, remove: true },
      reply: { lastErrorObject: { n: 0 }, value: null, ok: OK },
    },
    {
      title: 'delete one, delete all',
      command: { delete: 'up', deletes: [{ q: { _id: 'zz' }, limit: 1 }, { q: {}, limit: 0 }] },
      reply: { n: 4, electionId: ANY, opTime: ANY, ok: OK },
    },
  ],
};
