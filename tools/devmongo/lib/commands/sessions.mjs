// Transactions and sessions by command.
import { MongoError } from '../errors.mjs';
import { ARRAY, BINARY, OBJECT, Elements, RawValue, findField, foundType } from '../bson/raw.mjs';

const ID = Buffer.from('id');

function commit({ transaction }) {
  if (transaction === undefined) throw outside('commitTransaction');
  if (transaction.state === 'open') transaction.commit();
  return {};
}

function abort({ transaction }) {
  if (transaction === undefined) throw outside('abortTransaction');
  transaction.abort();
  return {};
}

function outside(name) {
  return new MongoError(125, `${name} must be run within a transaction`);
}

function endSessions({ server, request }) {
  for (const id of sessionIds(request)) {
    server.cursors.endSession(id);
    server.sessions.end(id);
  }
  return {};
}

function killSessions({ server, request }) {
  const ids = [...sessionIds(request)];
  if (ids.length === 0) server.sessions.endAll();
  for (const id of ids) {
    server.cursors.endSession(id);
    server.sessions.end(id);
  }
  return {};
}

function* sessionIds(request) {
  const list = request.fields.get(request.name);
  if (list.type !== ARRAY) throw new MongoError('TypeMismatch', `BSON field '${request.name}' must be an array of session ids`);
  for (const it = new Elements(list.buf, list.start); it.next();) {
    const session = RawValue.at(it.buf, it.type, it.value);
    const at = session.type === OBJECT ? findField(session.buf, session.start, ID) : -1;
    if (at < 0 || foundType !== BINARY) throw new MongoError('TypeMismatch', `BSON field '${request.name}.${it.name}.id' must be a UUID`);
    yield session.buf.latin1Slice(at + 5, at + 21);
  }
}

const IN_TRANSACTION = { isAdminOnly: true, isRetryable: false, inTransaction: true };

export const sessionCommands = {
  commitTransaction: { ...IN_TRANSACTION, fields: ['recoveryToken'], run: commit },
  abortTransaction: { ...IN_TRANSACTION, fields: ['recoveryToken'], run: abort },
  endSessions: { fields: [], run: endSessions },
  killSessions: { fields: [], run: killSessions },
  refreshSessions: { fields: [], run: () => ({}) },
};
