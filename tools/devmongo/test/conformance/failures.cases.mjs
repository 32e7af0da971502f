// Limits, fail points and drops. What a MongoDB 5.0 server answered.
import { ANY, FAILED, OK } from './vocabulary.mjs';

export const failures = {
  limits: [
    {
      title: 'a majority of one',
      command: { insert: 'x', documents: [{ _id: 1 }], writeConcern: { w: 'majority', wtimeout: 1000 } },
      reply: { n: 1, electionId: ANY, opTime: ANY, ok: OK },
    },
    {
      title: 'five nodes cannot be had',
      varies: 'other builds have JavaScript',
      command: { insert: 'x', documents: [{ _id: 'w5' }], writeConcern: { w: 5, wtimeout: 50 } },
      reply: {
        n: 1, electionId: ANY, opTime: ANY,
        writeConcernError: {
          code: 100, codeName: 'UnsatisfiableWriteConcern', errmsg: 'Not enough data-bearing nodes',
          errInfo: { writeConcern: { w: 5, wtimeout: 50, provenance: 'clientSupplied' } },
        },
        ok: OK,
      },
    },
    {
      title: 'no JavaScript',
      command: { find: 'many', filter: { $where: 'sleep(50) || true' }, maxTimeMS: 1 },
      reply: { ok: FAILED, errmsg: 'no globalScriptEngine in $where parsing', code: 2, codeName: 'BadValue' },
    },
  ],
  failpoint: [
    {
      title: 'a fail point for one insert',
      db: 'admin',
      command: { configureFailPoint: 'failCommand', mode: { times: 1 }, data: { failCommands: ['insert'], errorCode: 112 } },
      reply: { count: ANY, ok: OK },
    },
    {
      title: 'which fails with the error asked for',
      command: { insert: 'fp', documents: [{ _id: 1 }] },
      reply: { ok: FAILED, errmsg: 'Failing command due to \'failCommand\' failpoint', code: 112, codeName: 'WriteConflict' },
    },
    {
      title: 'an error with a label',
      db: 'admin',
      command: {
        configureFailPoint: 'failCommand', mode: { times: 1 },
        data: { failCommands: ['insert'], errorCode: 10107, errorLabels: ['RetryableWriteError'] },
      },
      reply: { count: ANY, ok: OK },
    },
    {
      title: 'which the insert gets',
      command: { insert: 'fp', documents: [{ _id: 1 }] },
      reply: { ok: FAILED, errmsg: ANY, code: 10107, codeName: 'NotWritablePrimary', errorLabels: ['RetryableWriteError'], topologyVersion: ANY },
    },
    {
      title: 'a fail point that closes the connection',
      db: 'admin',
      command: { configureFailPoint: 'failCommand', mode: { times: 1 }, data: { failCommands: ['insert'], closeConnection: true } },
      reply: { count: ANY, ok: OK },
    },
    { title: 'which it does', command: { insert: 'fp', documents: [{ _id: 1 }] }, closes: true },
    {
      title: 'a fail point for the write concern',
      db: 'admin',
      command: {
        configureFailPoint: 'failCommand', mode: { times: 1 },
        data: { failCommands: ['insert'], writeConcernError: { code: 91, errmsg: 'shutting down' } },
      },
      reply: { count: ANY, ok: OK },
    },
    {
      title: 'the insert is done, and the error told',
      command: { insert: 'fp', documents: [{ _id: 1 }] },
      reply: { n: 1, electionId: ANY, opTime: ANY, writeConcernError: { code: 91, errmsg: 'shutting down' }, ok: OK },
    },
    {
      title: 'the fail point off',
      db: 'admin',
      command: { configureFailPoint: 'failCommand', mode: 'off', data: {} },
      reply: { count: ANY, ok: OK },
    },
    {
      title: 'the insert was done',
      command: { find: 'fp', filter: {} },
      reply: { cursor: { firstBatch: [{ _id: 1 }], id: 0, ns: 'conformance.fp' }, ok: OK },
    },
  ],
  drop: [
    {
      title: 'drop of no collection',
      command: { drop: 'nope' },
      reply: { ok: FAILED, errmsg: 'ns not found', code: 26, codeName: 'NamespaceNotFound' },
    },
    { title: 'drop tells how many indexes there were', command: { drop: 'uq' }, reply: { nIndexesWas: 2, ns: 'conformance.uq', ok: OK } },
    { title: 'dropDatabase', command: { dropDatabase: 1 }, reply: { ok: OK } },
  ],
};
