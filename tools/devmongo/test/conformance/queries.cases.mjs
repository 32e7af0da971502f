// Pipelines and cursors. What a MongoDB 5.0 server answered.
import { ANY, CURSOR, FAILED, OK, at, dayText, double, ids } from './vocabulary.mjs';

export const queries = {
  aggregate: [
    {
      title: 'averages by zone: doubles stay doubles, counts int32',
      command: {
        aggregate: 'sensor_data',
        pipeline: [
          { $match: { 'meta.type': 'telemetry' } },
          {
            $group: {
              _id: '$meta.zone', avg_temp: { $avg: '$temperature' }, avg_hum: { $avg: '$humidity' }, samples: { $sum: 1 },
              min: { $min: '$temperature' }, max: { $max: '$temperature' },
            },
          },
          { $sort: { _id: 1 } },
        ],
        cursor: {},
      },
      reply: {
        cursor: {
          firstBatch: [
            { _id: 'z0', avg_temp: double(24.523809523809526), avg_hum: double(40), samples: 21, min: double(20), max: double(29.5) },
            { _id: 'z1', avg_temp: double(25), avg_hum: double(40), samples: 20, min: double(20.25), max: double(29.75) },
          ],
          id: 0, ns: 'conformance.sensor_data',
        },
        ok: OK,
      },
    },
    {
      title: 'groups by hour',
      command: {
        aggregate: 'sensor_data',
        pipeline: [
          { $match: { 'meta.type': 'telemetry' } },
          { $group: { _id: { d: '$meta.device', h: { $dateTrunc: { date: '$timestamp', unit: 'hour' } } }, n: { $sum: 1 } } },
          { $sort: { '_id.d': 1, '_id.h': 1 } }, { $limit: 5 },
        ],
        cursor: {},
      },
      reply: {
        cursor: {
          firstBatch: [
            { _id: { d: 'd0', h: at(10, 0) }, n: 4 }, { _id: { d: 'd0', h: at(11, 0) }, n: 3 }, { _id: { d: 'd0', h: at(12, 0) }, n: 3 },
            { _id: { d: 'd0', h: at(13, 0) }, n: 3 }, { _id: { d: 'd0', h: at(14, 0) }, n: 2 },
          ],
          id: 0, ns: 'conformance.sensor_data',
        },
        ok: OK,
      },
    },
    {
      title: 'first and last of a quarter of an hour',
      command: {
        aggregate: 'sensor_data',
        pipeline: [
          {
            $group: {
              _id: { $dateTrunc: { date: '$timestamp', unit: 'minute', binSize: 15 } }, first: { $first: '$temperature' },
              last: { $last: '$temperature' },
            },
          },
          { $sort: { _id: 1 } }, { $limit: 3 },
        ],
        cursor: {},
      },
      reply: {
        cursor: {
          firstBatch: [
            { _id: at(10, 0), first: double(20), last: double(20.5) }, { _id: at(10, 15), first: double(20.75), last: double(21) },
            { _id: at(10, 30), first: double(21.5), last: double(21.25) },
          ],
          id: 0, ns: 'conformance.sensor_data',
        },
        ok: OK,
      },
    },
    {
      title: 'days as text',
      command: {
        aggregate: 'sensor_data',
        pipeline: [
          { $group: { _id: { $dateToString: { format: '%Y-%m-%d', date: '$timestamp' } }, events_count: { $sum: 1 } } },
          { $sort: { _id: 1 } },
        ],
        cursor: {},
      },
      reply: { cursor: { firstBatch: [{ _id: dayText, events_count: 41 }], id: 0, ns: 'conformance.sensor_data' }, ok: OK },
    },
    {
      title: 'computed fields',
      command: {
        aggregate: 'sensor_data',
        pipeline: [
          {
            $project: {
              _id: 0, f: { $add: [{ $multiply: ['$temperature', double(1.8)] }, 32] },
              hot: { $cond: [{ $gte: ['$temperature', 25] }, 'y', 'n'] },
            },
          },
          { $limit: 2 },
        ],
        cursor: {},
      },
      reply: {
        cursor: { firstBatch: [{ f: double(68), hot: 'n' }, { f: double(70.7), hot: 'n' }], id: 0, ns: 'conformance.sensor_data' },
        ok: OK,
      },
    },
    {
      title: 'two facets',
      command: {
        aggregate: 'sensor_data',
        pipeline: [
          {
            $facet: { n: [{ $count: 'n' }], top: [{ $sort: { temperature: -1 } }, { $limit: 1 }, { $project: { temperature: 1, _id: 0 } }] },
          },
        ],
        cursor: {},
      },
      reply: {
        cursor: { firstBatch: [{ n: [{ n: 41 }], top: [{ temperature: double(29.75) }] }], id: 0, ns: 'conformance.sensor_data' },
        ok: OK,
      },
    },
    {
      title: 'an unknown stage is named',
      command: { aggregate: 'sensor_data', pipeline: [{ $nosuchstage: {} }], cursor: {} },
      reply: { ok: FAILED, errmsg: 'Unrecognized pipeline stage name: \'$nosuchstage\'', code: 40324, codeName: 'Location40324' },
    },
    {
      title: 'an unknown operator of a filter is named',
      command: { aggregate: 'sensor_data', pipeline: [{ $match: { $nosuchop: 1 } }], cursor: {} },
      reply: { ok: FAILED, errmsg: 'unknown top level operator: $nosuchop', code: 2, codeName: 'BadValue' },
    },
    {
      title: 'an unknown expression is named',
      command: { aggregate: 'sensor_data', pipeline: [{ $group: { _id: { $nosuchexpr: 1 } } }], cursor: {} },
      reply: { ok: FAILED, errmsg: 'Unrecognized expression \'$nosuchexpr\'', code: 168, codeName: 'InvalidPipelineOperator' },
    },
    {
      title: 'the cursor option is required',
      command: { aggregate: 'sensor_data', pipeline: [] },
      reply: {
        ok: FAILED, errmsg: 'The \'cursor\' option is required, except for aggregate with the explain argument', code: 9,
        codeName: 'FailedToParse',
      },
    },
    {
      title: 'no input, no group',
      command: {
        aggregate: 'sensor_data', pipeline: [{ $match: { 'meta.device': 'none' } }, { $group: { _id: null, n: { $sum: 1 } } }], cursor: {},
      },
      reply: { cursor: { firstBatch: [], id: 0, ns: 'conformance.sensor_data' }, ok: OK },
    },
  ],
  cursor: [
    {
      title: 'many documents',
      command: { insert: 'many', documents: ids(0, 250) },
      reply: { n: 250, electionId: ANY, opTime: ANY, ok: OK },
    },
    {
      title: 'a first batch of the size asked for',
      command: { find: 'many', sort: { _id: 1 }, batchSize: 100, projection: { _id: 1 } },
      reply: { cursor: { firstBatch: ids(0, 100), id: CURSOR, ns: 'conformance.many' }, ok: OK },
    },
    {
      title: 'the next batch',
      command: { getMore: CURSOR, collection: 'many', batchSize: 100 },
      reply: { cursor: { nextBatch: ids(100, 200), id: CURSOR, ns: 'conformance.many' }, ok: OK },
    },
    {
      title: 'the last batch closes the cursor',
      command: { getMore: CURSOR, collection: 'many', batchSize: 100 },
      reply: { cursor: { nextBatch: ids(200, 250), id: 0, ns: 'conformance.many' }, ok: OK },
    },
    {
      title: 'a closed cursor is not found',
      command: { getMore: CURSOR, collection: 'many' },
      reply: { ok: FAILED, errmsg: /^cursor id -?\d+ not found$/, code: 43, codeName: 'CursorNotFound' },
    },
    {
      title: 'skip, limit and a single batch',
      command: { find: 'many', sort: { _id: -1 }, limit: 2, skip: 3, singleBatch: true },
      reply: { cursor: { firstBatch: [{ _id: 246 }, { _id: 245 }], id: 0, ns: 'conformance.many' }, ok: OK },
    },
    {
      title: 'a batch of one leaves the cursor open',
      command: { find: 'many', batchSize: 1 },
      reply: { cursor: { firstBatch: [{ _id: 0 }], id: CURSOR, ns: 'conformance.many' }, ok: OK },
    },
    {
      title: 'killCursors says which were there',
      command: { killCursors: 'many', cursors: [CURSOR, 12345] },
      reply: { cursorsKilled: [CURSOR], cursorsNotFound: [12345], cursorsAlive: [], cursorsUnknown: [], ok: OK },
    },
  ],
};
