// A change stream: `$changeStream` as the first stage of a pipeline, whose cursor waits for more at its end.
import { Timestamp } from 'bson';
import { chain } from '../aggregate/pipeline.mjs';
import { isDocument } from '../aggregate/expressions.mjs';
import { variablesOf } from '../aggregate/variables.mjs';
import { STRING } from '../bson/raw.mjs';
import { decodeDocument } from '../bson/values.mjs';
import { encodeDocument } from '../bson/writer.mjs';
import { MongoError } from '../errors.mjs';
import { LatestView } from '../transactions/transactions.mjs';
import { eventOf } from './events.mjs';
import { readToken, resumeToken } from './resume-token.mjs';

const OPTIONS = new Set(['fullDocument', 'resumeAfter', 'startAfter', 'startAtOperationTime', 'allChangesForCluster']);
const PERMITTED = new Set(['$match', '$project', '$addFields', '$set', '$unset', '$replaceRoot', '$replaceWith', '$redact']);

/** The last stage: a stream must be able to go on after each event, so its `_id` stays as it is. */
class EventSink {
  expected = undefined;
  buf = undefined;

  push(event) {
    if (event._id?._data !== this.expected._data) {
      const error = new MongoError('ChangeStreamFatalError', 'Encountered an event whose _id field, which contains the resume token, was modified '
        + 'by the pipeline. Modifying the _id field of an event makes it impossible to resume the stream from that point. Only transformations '
        + `that retain the unmodified _id field are allowed. Expected: { _id: ${JSON.stringify(this.expected)} } but found: { _id: ${JSON.stringify(event._id)} }`);
      error.labels = ['NonResumableChangeStreamError'];
      throw error;
    }
    this.buf = encodeDocument(event, true);
    return true;
  }

  end() {
    // A stream has no end that a stage would have to know of.
  }
}

/** Documents one after the other, as streams.mjs has them; `next()` says false when there is no more for now. */
export class ChangeStream {
  isTailable = true;
  isOver = false;
  buf = undefined;
  start = 0;
  end = 0;

  constructor(log, position, { first, sink, lookUp }) {
    this.log = log;
    this.position = position;
    this.given = position;
    this.first = first;
    this.sink = sink;
    this.lookUp = lookUp;
  }

  next() {
    while (!this.isOver) {
      const change = this.log.at(this.position);
      if (change === undefined) return false;
      const event = eventOf(this.log, this.position, change, this.lookUp);
      this.given = this.position++;
      this.isOver = change.type === 'invalidate';
      this.sink.expected = event._id;
      this.sink.buf = undefined;
      this.first.push(event);
      if (this.sink.buf === undefined) continue;
      this.buf = this.sink.buf;
      this.end = this.buf.length;
      return true;
    }
    return false;
  }

  /** Puts the event that `next` gave last back. */
  unread() {
    this.position = this.given;
  }

  /** Where a new stream would go on after what this one has read. */
  get resumeToken() {
    return resumeToken(this.log, this.position, { isInvalidate: this.isOver });
  }

  onMore(wake) {
    this.log.onMore(wake);
  }

  offMore(wake) {
    this.log.offMore(wake);
  }
}

/** Opens the stream that a pipeline asks for; `parsed` begins with `$changeStream`. */
export function openChangeStream(context, [head, ...rest]) {
  const { request, server } = context;
  const { specification } = head;
  if (!isDocument(specification)) throw new MongoError(50808, '$changeStream stage expects a document as argument');
  checkContext(context);
  for (const name of Object.keys(specification)) {
    if (!OPTIONS.has(name)) throw new MongoError(40415, `BSON field '$changeStream.${name}' is an unknown field.`);
  }
  const { fullDocument = 'default' } = specification;
  if (!['default', 'updateLookup'].includes(fullDocument)) {
    throw new MongoError('BadValue', `Enumeration value '${fullDocument}' for field '$changeStream.fullDocument' is not a valid value.`);
  }
  if (request.fields.get('aggregate').type !== STRING || specification.allChangesForCluster === true) {
    throw new MongoError('CommandNotSupported', 'Change streams of a database or a deployment are not supported by this server');
  }
  const collection = context.collection();
  if (collection?.isTimeSeries) throw new MongoError('CommandNotSupportedOnView', `Namespace ${context.namespace} is a timeseries collection`);
  const variables = variablesOf(server, request.document('let'));
  const sink = new EventSink();
  const first = chain(rest, sink, { variables });
  for (const { name } of rest) {
    if (!PERMITTED.has(name)) throw new MongoError('IllegalOperation', `${name} is not permitted in a $changeStream pipeline`);
  }
  const log = server.changeLogs.watch(context.namespace, collection);
  const lookUp = fullDocument === 'updateLookup' ? document => currentDocument(context, document) : undefined;
  return new ChangeStream(log, startOf(log, specification), { first, sink, lookUp });
}

function checkContext({ request, transaction }) {
  if (transaction !== undefined) {
    throw new MongoError('OperationNotSupportedInTransaction', 'Operation not permitted in transaction :: caused by :: Aggregation stage '
      + '$changeStream cannot run within a multi-document transaction');
  }
  const level = request.plain('readConcern')?.level ?? 'majority';
  if (level !== 'majority') {
    throw new MongoError('InvalidOptions', "Operation not permitted with this read concern :: caused by :: Aggregation stage $changeStream cannot run "
      + `with a readConcern other than 'majority'. Current readConcern: ${level}`);
  }
}

/** The position that a stream begins at. */
function startOf(log, { resumeAfter, startAfter, startAtOperationTime }) {
  if (resumeAfter !== undefined && startAfter !== undefined) {
    throw new MongoError(50674, "Do not specify both 'resumeAfter' and 'startAfter' in a $changeStream stage");
  }
  if (startAtOperationTime !== undefined) {
    if ((resumeAfter ?? startAfter) !== undefined) {
      throw new MongoError(40674, 'Only one type of resume option is allowed, but multiple were found.');
    }
    if (!(startAtOperationTime instanceof Timestamp)) {
      throw new MongoError('TypeMismatch', "BSON field '$changeStream.startAtOperationTime' is the wrong type, expected type 'timestamp'");
    }
    return log.positionAt(startAtOperationTime);
  }
  const token = resumeAfter ?? startAfter;
  if (token === undefined) return log.end;
  const { position, isInvalidate } = readToken(log, token);
  if (isInvalidate && resumeAfter !== undefined) {
    throw new MongoError('InvalidResumeToken',
      "Attempting to resume a change stream using 'resumeAfter' is not allowed from an invalidate notification.");
  }
  log.at(position);
  return position;
}

/** What the document is by now, or null. */
function currentDocument({ server, db, request }, document) {
  const collection = server.catalog.find(db, request.collectionName());
  const record = collection?.findById(document, document[4], 9) ?? -1;
  if (record < 0 || !collection.read(record, new LatestView(server.transactions))) return null;
  return decodeDocument(collection.buf, collection.at);
}
