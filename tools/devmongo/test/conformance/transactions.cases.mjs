// Transactions, conflicts and retryable writes. What a MongoDB 5.0 server answered.
import { ANY, FAILED, OK, abort, commit, measurement, outside } from './vocabulary.mjs';

export const transactions = {
  transaction: [
    {
      title: 'a transaction begins with its first statement',
      session: 'a', starts: true,
      command: { insert: 'tx', documents: [{ _id: 1 }] },
      reply: { n: 1, electionId: ANY, opTime: ANY, ok: OK },
    },
    {
      title: 'it sees what it wrote',
      session: 'a', within: true,
      command: { find: 'tx', filter: {} },
      reply: { cursor: { firstBatch: [{ _id: 1 }], id: 0, ns: 'conformance.tx' }, ok: OK },
    },
    {
      title: 'others do not see it',
      command: { find: 'tx', filter: {} },
      reply: { cursor: { firstBatch: [], id: 0, ns: 'conformance.tx' }, ok: OK },
      then: commit('a'),
    },
    {
      title: 'after the commit they do',
      command: { find: 'tx', filter: {} },
      reply: { cursor: { firstBatch: [{ _id: 1 }], id: 0, ns: 'conformance.tx' }, ok: OK },
    },
    {
      title: 'another transaction',
      session: 'a', starts: true,
      command: { insert: 'tx', documents: [{ _id: 2 }] },
      reply: { n: 1, electionId: ANY, opTime: ANY, ok: OK },
      then: abort('a'),
    },
    {
      title: 'what was aborted never was',
      command: { find: 'tx', filter: {} },
      reply: { cursor: { firstBatch: [{ _id: 1 }], id: 0, ns: 'conformance.tx' }, ok: OK },
    },
    {
      title: 'a duplicate key inside a transaction',
      session: 'a', starts: true,
      command: { insert: 'tx', documents: [{ _id: 3 }, { _id: 1 }] },
      reply: {
        n: 1, electionId: ANY, opTime: ANY,
        writeErrors: [
          {
            index: 1, code: 11000, keyPattern: { _id: 1 }, keyValue: { _id: 1 },
            errmsg: 'E11000 duplicate key error collection: conformance.tx index: _id_ dup key: { _id: 1 }',
          },
        ],
        ok: OK,
      },
    },
    {
      title: 'has ended the transaction',
      session: 'a', within: true,
      command: { insert: 'tx', documents: [{ _id: 4 }] },
      reply: {
        errorLabels: ['TransientTransactionError'], ok: FAILED, errmsg: 'Transaction 3 has been aborted.', code: 251,
        codeName: 'NoSuchTransaction',
      },
    },
    {
      title: 'so it cannot be committed',
      db: 'admin',
      session: 'a', within: true,
      command: { commitTransaction: 1 },
      reply: {
        errorLabels: ['TransientTransactionError'], ok: FAILED, errmsg: 'Transaction 3 has been aborted.', code: 251,
        codeName: 'NoSuchTransaction',
      },
    },
    {
      title: 'no measurements inside a transaction',
      session: 'a', starts: true,
      command: { insert: 'sensor_data', documents: [measurement(1)] },
      reply: {
        ok: FAILED,
        errmsg: 'time-series insert failed: conformance.sensor_data :: caused by :: Cannot insert into a time-series collection in a '
          + 'multi-document transaction: conformance.sensor_data',
        code: 263, codeName: 'OperationNotSupportedInTransaction',
      },
    },
    {
      title: 'a time series can be read in one',
      session: 'a', starts: true,
      command: { aggregate: 'sensor_data', pipeline: [{ $count: 'n' }], cursor: {} },
      reply: { cursor: { firstBatch: [{ n: 41 }], id: 0, ns: 'conformance.sensor_data' }, ok: OK },
      then: commit('a'),
    },
    {
      title: 'a collection can be made in one',
      session: 'a', starts: true,
      command: { insert: 'made_in_txn', documents: [{ _id: 1 }] },
      reply: { n: 1, electionId: ANY, opTime: ANY, ok: OK },
      then: commit('a'),
    },
    {
      title: 'no index on a collection that is there already',
      session: 'a', starts: true,
      command: { createIndexes: 'tx', indexes: [{ key: { q: 1 }, name: 'q' }] },
      reply: {
        ok: FAILED, errmsg: 'Cannot create new indexes on existing collection conformance.tx in a multi-document transaction.',
        code: 263, codeName: 'OperationNotSupportedInTransaction',
      },
    },
  ],
  conflict: [
    {
      title: 'the first writer wins',
      session: 'winner', starts: true,
      command: { update: 'tx', updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }] },
      reply: { n: 1, electionId: ANY, opTime: ANY, nModified: 1, ok: OK },
    },
    {
      title: 'the second writer gets a conflict',
      session: 'loser', starts: true,
      command: { update: 'tx', updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }] },
      reply: {
        errorLabels: ['TransientTransactionError'], ok: FAILED,
        errmsg: 'WriteConflict error: this operation conflicted with another operation. Please retry your operation or multi-document '
          + 'transaction.',
        code: 112, codeName: 'WriteConflict',
      },
    },
    {
      title: 'and cannot commit',
      db: 'admin',
      session: 'loser', within: true,
      command: { commitTransaction: 1 },
      reply: {
        errorLabels: ['TransientTransactionError'], ok: FAILED, errmsg: 'Transaction 1 has been aborted.', code: 251,
        codeName: 'NoSuchTransaction',
      },
      then: commit('winner'),
    },
    {
      title: 'a transaction reads a snapshot',
      session: 'reader', starts: true,
      command: { find: 'tx', filter: { _id: 1 } },
      reply: { cursor: { firstBatch: [{ _id: 1, n: 1 }], id: 0, ns: 'conformance.tx' }, ok: OK },
      then: outside({ update: 'tx', updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }] }),
    },
    {
      title: 'and the same snapshot after another commit',
      session: 'reader', within: true,
      command: { find: 'tx', filter: { _id: 1 } },
      reply: { cursor: { firstBatch: [{ _id: 1, n: 1 }], id: 0, ns: 'conformance.tx' }, ok: OK },
    },
    {
      title: 'but cannot write what has changed since',
      session: 'reader', within: true,
      command: { update: 'tx', updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }] },
      reply: {
        errorLabels: ['TransientTransactionError'], ok: FAILED,
        errmsg: 'WriteConflict error: this operation conflicted with another operation. Please retry your operation or multi-document '
          + 'transaction.',
        code: 112, codeName: 'WriteConflict',
      },
    },
    {
      title: 'an insert by one transaction',
      session: 'one', starts: true,
      command: { insert: 'tx2', documents: [{ _id: 7 }] },
      reply: { n: 1, electionId: ANY, opTime: ANY, ok: OK },
    },
    {
      title: 'conflicts with the same insert by another',
      session: 'two', starts: true,
      command: { insert: 'tx2', documents: [{ _id: 7 }] },
      reply: {
        errorLabels: ['TransientTransactionError'], ok: FAILED,
        errmsg: 'WriteConflict error: this operation conflicted with another operation. Please retry your operation or multi-document '
          + 'transaction.',
        code: 112, codeName: 'WriteConflict',
      },
      then: abort('one'),
    },
  ],
  retryable: [
    {
      title: 'a retryable insert',
      session: 'retry', number: 1001,
      command: { insert: 'rt', documents: [{ _id: 1 }] },
      reply: { n: 1, electionId: ANY, opTime: ANY, ok: OK },
    },
    {
      title: 'sent again, it is answered and not done again',
      session: 'retry', number: 1001,
      command: { insert: 'rt', documents: [{ _id: 1 }] },
      reply: { n: 1, electionId: ANY, opTime: ANY, ok: OK },
    },
    {
      title: 'a retryable update',
      session: 'retry', number: 1002,
      command: { update: 'rt', updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }] },
      reply: { n: 1, electionId: ANY, opTime: ANY, nModified: 1, ok: OK },
    },
    {
      title: 'sent again, it is answered and not done again',
      session: 'retry', number: 1002,
      command: { update: 'rt', updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }] },
      reply: { n: 1, electionId: ANY, opTime: ANY, nModified: 1, ok: OK },
    },
    {
      title: 'an older number is refused',
      session: 'retry', number: 1001,
      command: { insert: 'rt', documents: [{ _id: 5 }] },
      reply: {
        ok: FAILED,
        errmsg: /^Retryable write with txnNumber 1001 is prohibited on session [-0-9a-f]{36} - .* because a newer retryable write with txnNumber 1002/,
        code: 225, codeName: 'TransactionTooOld',
      },
    },
    {
      title: 'each was done once',
      command: { find: 'rt', filter: {} },
      reply: { cursor: { firstBatch: [{ _id: 1, n: 1 }], id: 0, ns: 'conformance.rt' }, ok: OK },
    },
    {
      title: 'commit of a transaction that never was',
      db: 'admin',
      session: 'retry', number: 1099, autocommit: false,
      command: { commitTransaction: 1 },
      reply: {
        errorLabels: ['TransientTransactionError'], ok: FAILED,
        errmsg: 'Given transaction number 1099 does not match any in-progress transactions. The active transaction number is 1002',
        code: 251, codeName: 'NoSuchTransaction',
      },
    },
    {
      title: 'a statement of a transaction that never was',
      session: 'retry', number: 1098, autocommit: false,
      command: { insert: 'rt', documents: [{ _id: 6 }] },
      reply: {
        errorLabels: ['TransientTransactionError'], ok: FAILED,
        errmsg: 'Given transaction number 1098 does not match any in-progress transactions. The active transaction number is 1002',
        code: 251, codeName: 'NoSuchTransaction',
      },
    },
  ],
};
