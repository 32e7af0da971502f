// Logical sessions: which transaction or retryable write a session is at, and what it may ask for next.
import { MongoError } from '../errors.mjs';
import { BINARY, findField, foundType, readInt32 } from '../bson/raw.mjs';

const ID = Buffer.from('id');
const TIMEOUT_MS = 30 * 60 * 1000;
// What mongod prints after a session's id for a server without authentication: the SHA-256 of no user.
const NO_USER = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

class Session {
  constructor(id) {
    this.id = id;
    this.number = -1;
    this.transaction = undefined;
    // What retryable statements of the current number have answered, by statement id.
    this.executed = [];
    this.lastUsed = 0;
  }

  toString() {
    const hex = Buffer.from(this.id, 'latin1').toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)} - ${NO_USER}`;
  }

  end() {
    if (this.transaction?.state === 'open') this.transaction.abort();
    this.transaction = undefined;
  }

  advanceTo(number) {
    this.end();
    this.number = number;
    this.executed = [];
  }
}

export class Sessions {
  #sessions = new Map();

  constructor(transactions, clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  get count() {
    return this.#sessions.size;
  }

  /** The session of a command's `lsid`. */
  of(lsid) {
    const at = findField(lsid.buf, lsid.start, ID);
    if (at < 0 || foundType !== BINARY || readInt32(lsid.buf, at) !== 16) {
      throw new MongoError('InvalidOptions', "BSON field 'lsid.id' must be a UUID");
    }
    const id = lsid.buf.latin1Slice(at + 5, at + 21);
    let session = this.#sessions.get(id);
    if (session === undefined) this.#sessions.set(id, session = new Session(id));
    session.lastUsed = this.clock.now();
    return session;
  }

  end(id) {
    this.#sessions.get(id)?.end();
    this.#sessions.delete(id);
  }

  endAll() {
    for (const id of [...this.#sessions.keys()]) this.end(id);
  }

  /** Ends sessions that nobody used for half an hour. */
  expire() {
    const limit = this.clock.now() - TIMEOUT_MS;
    for (const [id, session] of this.#sessions) if (session.lastUsed < limit) this.end(id);
  }
}

/**
 * Works out what a command is part of: a transaction (begun here if it says so), a retryable write, or neither.
 * Gives `{ session, transaction, isRetryable }`.
 */
export function enterSession(sessions, request, command) {
  const lsid = request.document('lsid');
  const session = lsid === undefined ? undefined : sessions.of(lsid);
  const number = request.bigint('txnNumber');
  const autocommit = request.has('autocommit') ? request.bool('autocommit') : undefined;
  const starts = request.bool('startTransaction');
  if (number === undefined) {
    if (autocommit !== undefined) {
      throw new MongoError('InvalidOptions', "'autocommit' field requires a transaction number to also be specified");
    }
    if (starts) throw new MongoError('InvalidOptions', "'startTransaction' field requires a transaction number to also be specified");
    return { session, transaction: undefined, isRetryable: false };
  }
  if (session === undefined) throw new MongoError('InvalidOptions', 'Transaction number requires a session ID to also be specified');
  if (number < 0n) throw new MongoError('InvalidOptions', 'Transaction number cannot be negative');
  if (autocommit === true) throw new MongoError('InvalidOptions', 'Specifying autocommit=true is not allowed.');
  if (autocommit === undefined) return enterRetryable(session, Number(number), request, command);
  return { session, transaction: enterTransaction(sessions, session, Number(number), starts, request), isRetryable: false };
}

function enterRetryable(session, number, request, command) {
  if (!command.isRetryable) {
    throw new MongoError(50768, 'txnNumber may only be provided for multi-document transactions and retryable write commands. '
      + `autocommit:false was not provided, and ${request.name} is not a retryable write command.`);
  }
  if (number < session.number) {
    throw new MongoError('TransactionTooOld', `Retryable write with txnNumber ${number} is prohibited on session ${session} because a newer `
      + `${session.transaction === undefined ? 'retryable write' : 'transaction'} with txnNumber ${session.number} has already started on this session.`);
  }
  if (number > session.number) session.advanceTo(number);
  return { session, transaction: undefined, isRetryable: true };
}

function enterTransaction(sessions, session, number, starts, request) {
  if (number < session.number && starts) {
    throw new MongoError('TransactionTooOld', `Cannot start transaction ${number} on session ${session} because a newer transaction with `
      + `txnNumber ${session.number} has already started on this session.`);
  }
  if (starts) {
    if (number === session.number) {
      throw new MongoError(50911, `Cannot start a transaction at given transaction number ${number} a transaction with the same number is in state `
        + `${session.transaction?.state ?? 'none'}`);
    }
    session.advanceTo(number);
    session.transaction = sessions.transactions.begin();
    session.transaction.session = { id: session.id, number };
    return session.transaction;
  }
  const { transaction } = session;
  if (number !== session.number || transaction === undefined) {
    throw new MongoError('NoSuchTransaction', `Given transaction number ${number} does not match any in-progress transactions. `
      + `The active transaction number is ${session.number}`);
  }
  if (request.has('readConcern')) {
    throw new MongoError('InvalidOptions', 'Only the first command in a transaction may specify a readConcern');
  }
  if (transaction.state === 'aborted') throw new MongoError('NoSuchTransaction', `Transaction ${number} has been aborted.`);
  if (transaction.state === 'committed' && request.name !== 'commitTransaction') {
    throw new MongoError('TransactionCommitted', `Transaction ${number} has been committed.`);
  }
  return transaction;
}
