// MongoDB's error codes that this server answers with. Codes without a name are "locations", as in mongod.

const NAMES = new Map(Object.entries({
  InternalError: 1, BadValue: 2, NoSuchKey: 4, HostUnreachable: 6, HostNotFound: 7, FailedToParse: 9, Unauthorized: 13, TypeMismatch: 14,
  Overflow: 15, InvalidLength: 16, IllegalOperation: 20, InvalidBSON: 22, LockTimeout: 24, NamespaceNotFound: 26, IndexNotFound: 27,
  PathNotViable: 28, ConflictingUpdateOperators: 40, CursorNotFound: 43, NamespaceExists: 48, MaxTimeMSExpired: 50,
  DollarPrefixedFieldName: 52, EmptyFieldName: 56, CommandNotFound: 59, ImmutableField: 66, CannotCreateIndex: 67, InvalidOptions: 72,
  InvalidNamespace: 73, IndexOptionsConflict: 85, IndexKeySpecsConflict: 86, NetworkTimeout: 89, ShutdownInProgress: 91,
  UnsatisfiableWriteConcern: 100, WriteConflict: 112, CommandNotSupported: 115, ConflictingOperationInProgress: 117,
  DocumentValidationFailure: 121, ReadConcernMajorityNotEnabled: 148, CommandNotSupportedOnView: 166, QueryPlanKilled: 175, InvalidPipelineOperator: 168,
  InvalidIndexSpecificationOption: 197, CursorKilled: 237, PrimarySteppedDown: 189, TransactionTooOld: 225, UnsupportedOpQueryCommand: 352, SnapshotUnavailable: 246,
  NoSuchTransaction: 251, InvalidResumeToken: 260, TransactionCommitted: 256, ExceededTimeLimit: 262, OperationNotSupportedInTransaction: 263, ChangeStreamFatalError: 280,
  ChangeStreamHistoryLost: 286, CursorInUse: 303,
  NotWritablePrimary: 10107, BSONObjectTooLarge: 10334, DuplicateKey: 11000, InterruptedAtShutdown: 11600, Interrupted: 11601,
  InterruptedDueToReplStateChange: 11602, NotPrimaryNoSecondaryOk: 13435, NotPrimaryOrSecondary: 13436, SocketException: 9001,
}));
const BY_CODE = new Map([...NAMES].map(([name, code]) => [code, name]));

export function codeName(code) {
  return BY_CODE.get(code) ?? `Location${code}`;
}

/** An error reply: `code` is a number or one of the names above; `details` are further fields of the reply or write error. */
export class MongoError extends Error {
  constructor(code, message, details = undefined) {
    super(message);
    this.code = typeof code === 'number' ? code : NAMES.get(code);
    this.details = details;
    this.labels = undefined;
  }

  get codeName() {
    return codeName(this.code);
  }
}

/** A write met another transaction's write. `blocker` is the one still open, if any: waiting for its end may help. */
export class WriteConflict extends MongoError {
  constructor(blocker = undefined) {
    super('WriteConflict', 'WriteConflict error: this operation conflicted with another operation. '
      + 'Please retry your operation or multi-document transaction.');
    this.blocker = blocker;
  }
}

const TRANSIENT = new Set(['WriteConflict', 'LockTimeout', 'SnapshotUnavailable', 'NoSuchTransaction'].map(name => NAMES.get(name)));
const RETRYABLE = new Set(['HostUnreachable', 'HostNotFound', 'NetworkTimeout', 'ShutdownInProgress', 'PrimarySteppedDown',
  'ExceededTimeLimit', 'SocketException', 'NotWritablePrimary', 'InterruptedAtShutdown', 'InterruptedDueToReplStateChange',
  'NotPrimaryNoSecondaryOk', 'NotPrimaryOrSecondary'].map(name => NAMES.get(name)));

/** The labels mongod puts on an error: transient inside a transaction, retryable on retryable writes and on commit. */
export function labelsFor(code, { inTransaction, isCommitOrAbort, isRetryableWrite }) {
  if (inTransaction && (TRANSIENT.has(code) || (!isCommitOrAbort && RETRYABLE.has(code)))) return ['TransientTransactionError'];
  if ((isCommitOrAbort || isRetryableWrite) && RETRYABLE.has(code)) return ['RetryableWriteError'];
  return [];
}
