// Runs the statements of a write command one after the other: errors of single statements, retries that already ran,
// and waiting for other transactions.
import { MongoError, WriteConflict, codeName } from '../errors.mjs';
import { MAX_BATCH } from './handshake.mjs';

/** Checks the number of statements of a write command, and counts them. */
export function checkBatch(context, count) {
  if (count < 1 || count > MAX_BATCH) {
    throw new MongoError('InvalidLength', `Write batch sizes must be between 1 and ${MAX_BATCH}. Got ${count} operations.`);
  }
  context.server.opcounters[context.request.name] += count;
}

/**
 * Runs `execute(i)` for each statement; `replay(i, result)` takes what a retried statement gave the first time.
 * Fills `context.writeErrors`. Gives `finish()`, or a promise of it if a statement has to wait for a transaction.
 */
export function runStatements(context, count, { execute, replay, finish }) {
  const { request, session } = context;
  const ordered = request.bool('ordered', true);
  const firstId = request.number('stmtId');
  const ids = request.plain('stmtIds');
  const executed = context.isRetryable ? session.executed : undefined;
  const writeErrors = context.writeErrors = [];
  const statementId = i => (ids !== undefined ? ids[i] : (firstId ?? 0) + i);

  const go = from => {
    for (let i = from; i < count; i++) {
      if (executed !== undefined) {
        const known = executed[statementId(i)];
        if (known !== undefined) {
          replay(i, known);
          continue;
        }
      }
      try {
        const result = execute(i);
        if (executed !== undefined) executed[statementId(i)] = result ?? true;
      } catch (error) {
        if (error instanceof WriteConflict && context.transaction === undefined && error.blocker !== undefined) {
          return context.waitFor(error.blocker).then(() => go(i));
        }
        if (!(error instanceof MongoError) || isFatal(error)) throw error;
        writeErrors.push(writeErrorOf(error, i));
        // A statement that fails in a transaction ends the transaction.
        if (context.transaction?.state === 'open') context.transaction.abort();
        if (ordered || context.transaction !== undefined) break;
      }
    }
    return finish();
  };
  return go(0);
}

/** Errors of the command as a whole, not of one statement. */
function isFatal(error) {
  return error instanceof WriteConflict || ['MaxTimeMSExpired', 'OperationNotSupportedInTransaction', 'InternalError'].includes(codeName(error.code));
}

function writeErrorOf(error, index) {
  return { index, code: error.code, ...error.details, errmsg: error.message };
}
