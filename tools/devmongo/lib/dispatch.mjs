// From a request to its reply: finds the command, its session and transaction, runs it, and says how it went.
import { Double } from 'bson';
import { commands } from './commands/index.mjs';
import { CommandContext } from './context.mjs';
import { MongoError, codeName, labelsFor } from './errors.mjs';
import { checkReadConcern, checkWriteConcern } from './concerns.mjs';
import { ELECTION_ID } from './replica-set.mjs';
import { enterSession } from './transactions/sessions.mjs';

export const OK = new Double(1);
const FAILED = new Double(0);
/** What a command gives instead of a reply to have its connection closed. */
export const CLOSE = Symbol('close');

const GENERIC_FIELDS = new Set(['$db', 'lsid', 'txnNumber', 'autocommit', 'startTransaction', 'readConcern', 'writeConcern', 'maxTimeMS',
  '$clusterTime', '$readPreference', 'comment', 'apiVersion', 'apiStrict', 'apiDeprecationErrors', 'stmtId', 'stmtIds', 'helloOk', '$audit',
  '$client', 'maxTimeMSOpOnly']);

/** The codes of a primary that steps or shuts down; their replies carry the topology's version. */
const STATE_CHANGES = new Set([91, 189, 10107, 11600, 11602, 13435, 13436]);

/** Runs one request; gives its reply, CLOSE, or a promise of either. */
export function dispatch(server, connection, request) {
  const command = commands.get(request.name);
  if (command === undefined) {
    return failure(server, new MongoError('CommandNotFound', `no such command: '${request.name}'`), {});
  }
  server.count(request.name, command);
  const fault = server.failPoints.hit(request.name, connection.appName, namespaceOf(request));
  if (fault === undefined) return run(server, connection, request, command, undefined);
  if (fault.blockConnection === true) return blockThenRun(server, connection, request, command, fault);
  return runWithFault(server, connection, request, command, fault);
}

function namespaceOf(request) {
  const value = request.plain(request.name);
  return typeof value === 'string' ? `${request.db}.${value}` : undefined;
}

async function blockThenRun(server, connection, request, command, fault) {
  const limit = request.plain('maxTimeMS') || Infinity;
  await connection.sleep(Math.min(fault.blockTimeMS, limit));
  if (limit < fault.blockTimeMS) {
    const error = new MongoError('MaxTimeMSExpired', 'operation exceeded time limit');
    return failure(server, error, membership(request, command), request);
  }
  return runWithFault(server, connection, request, command, fault);
}

function runWithFault(server, connection, request, command, fault) {
  if (fault.closeConnection === true) return CLOSE;
  if (fault.errorCode === undefined) return run(server, connection, request, command, fault);
  // The command is not begun: what its session is at stays as it is.
  const error = new MongoError(fault.errorCode, "Failing command due to 'failCommand' failpoint", fault.errorExtraInfo);
  error.labels = fault.errorLabels;
  return failure(server, error, membership(request, command), request);
}

/** What a command says it is part of. */
function membership(request, command) {
  const inTransaction = request.has('txnNumber') && request.has('autocommit');
  return {
    inTransaction,
    isRetryableWrite: !inTransaction && request.has('txnNumber') && command.isRetryable === true,
    isCommitOrAbort: request.name === 'commitTransaction' || request.name === 'abortTransaction',
  };
}

function run(server, connection, request, command, fault) {
  const how = membership(request, command);
  try {
    checkFields(request, command);
    checkTransaction(request, command, how);
    const readConcern = checkReadConcern(request);
    const writeConcernError = command.isWrite || how.isCommitOrAbort ? checkWriteConcern(request) : undefined;
    const entered = enterSession(server.sessions, request, command);
    how.transaction = entered.transaction;
    const context = new CommandContext(server, connection, request, { ...entered, readConcern, writeConcernError });
    const result = command.run(context);
    if (result instanceof Promise) {
      return result.then(reply => finish(context, command, reply, how, fault), error => failure(server, error, how, request));
    }
    return finish(context, command, result, how, fault);
  } catch (error) {
    return failure(server, error, how, request);
  }
}

function checkFields(request, command) {
  if (request.db === undefined) throw new MongoError(40414, "BSON field '$db' is missing but a required field");
  const check = name => {
    if (name === request.name || command.fields.has(name) || GENERIC_FIELDS.has(name) || command.acceptsAnyField) return;
    throw new MongoError(40415, `BSON field '${request.name}.${name}' is an unknown field.`);
  };
  for (const name of request.fields.keys()) check(name);
  for (const name of request.sections.keys()) check(name);
  if (command.isAdminOnly && request.db !== 'admin') {
    throw new MongoError('Unauthorized', `${request.name} may only be run against the admin database.`);
  }
  const maxTimeMS = request.number('maxTimeMS');
  if (maxTimeMS !== undefined && !(Number.isInteger(maxTimeMS) && maxTimeMS >= 0 && maxTimeMS <= 0x7fffffff)) {
    throw new MongoError('BadValue', `${maxTimeMS} value for maxTimeMS is out of range [0, 2147483647]`);
  }
}

function checkTransaction(request, command, how) {
  if (!how.inTransaction || how.isCommitOrAbort) return;
  if (!command.inTransaction) {
    throw new MongoError('OperationNotSupportedInTransaction', `Cannot run '${request.name}' in a multi-document transaction.`);
  }
  if (request.has('writeConcern')) {
    throw new MongoError('InvalidOptions', 'writeConcern is not allowed within a multi-statement transaction');
  }
}

function finish(context, command, reply, how, fault) {
  if (reply === CLOSE) return CLOSE;
  const { server } = context;
  const writeConcernError = fault?.writeConcernError ?? context.writeConcernError;
  if (command.isWrite && !('electionId' in reply) && command.showsOpTime) {
    reply.electionId = ELECTION_ID;
    reply.opTime = { ts: server.clusterTime(), t: 1n };
  }
  if (context.writeErrors?.length > 0) reply.writeErrors = context.writeErrors;
  if (writeConcernError !== undefined) {
    reply.writeConcernError = writeConcernError;
    const labels = fault?.errorLabels ?? labelsFor(writeConcernError.code, how);
    if (labels.length > 0) reply.errorLabels = labels;
  }
  return withTimes(server, reply, OK);
}

function withTimes(server, reply, ok) {
  reply.ok ??= ok;
  const time = server.clusterTime();
  reply.$clusterTime = { clusterTime: time, signature: server.noSignature };
  reply.operationTime = time;
  return reply;
}

/** The reply of a command that failed; ends the transaction it was in. */
export function failure(server, error, how, request = undefined) {
  if (!(error instanceof MongoError)) {
    server.report(error, request);
    error = new MongoError('InternalError', `This server failed: ${error.message}`);
  }
  if (how.transaction?.state === 'open') how.transaction.abort();
  const labels = error.labels ?? labelsFor(error.code, how);
  const reply = labels.length > 0 ? { errorLabels: labels } : {};
  Object.assign(reply, { ok: FAILED, errmsg: error.message, code: error.code, codeName: codeName(error.code) }, error.details);
  // Lets a client see that the error is no news of the topology, so that it need not look for another primary.
  if (STATE_CHANGES.has(error.code)) reply.topologyVersion = server.topologyVersion;
  return withTimes(server, reply, FAILED);
}
