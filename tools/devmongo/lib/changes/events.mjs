// Change events, as a change stream shows them.
import { createHash } from 'node:crypto';
import { Binary } from 'bson';
import { isDocument } from '../aggregate/expressions.mjs';
import { sameBytes } from '../bson/compare.mjs';
import { decodeDocument } from '../bson/values.mjs';
import { valueOf } from '../update/tree.mjs';
import { resumeToken } from './resume-token.mjs';

const NO_USER = new Binary(createHash('sha256').digest(), 0);

/** The event of the change at a position of a log; `lookUp(document)` gives what has become of the document, or null. */
export function eventOf(log, position, change, lookUp) {
  const { type, time, session } = change;
  const event = {
    _id: resumeToken(log, position + 1, { isInvalidate: type === 'invalidate' }), operationType: type, clusterTime: time,
  };
  if (session !== undefined) {
    event.txnNumber = BigInt(session.number);
    event.lsid = { id: new Binary(Buffer.from(session.id, 'latin1'), 4), uid: NO_USER };
  }
  if (type === 'invalidate') return event;
  const document = change.document === undefined ? undefined : decodeDocument(change.document, 0);
  if (type === 'insert' || type === 'replace') event.fullDocument = document;
  if (type === 'update' && lookUp !== undefined) event.fullDocument = lookUp(change.document);
  const dot = log.namespace.indexOf('.');
  event.ns = { db: log.namespace.slice(0, dot), coll: log.namespace.slice(dot + 1) };
  if (document !== undefined) event.documentKey = { _id: document._id };
  if (type === 'update') event.updateDescription = describe(decodeDocument(change.before, 0), document);
  return event;
}

/** What an update did, told from the document before and after: fields within subdocuments by their paths, arrays as a whole. */
function describe(before, after) {
  const updatedFields = {};
  const removedFields = [];
  compareFields(before, after, '', updatedFields, removedFields);
  return { updatedFields, removedFields, truncatedArrays: [] };
}

function compareFields(before, after, prefix, updated, removed) {
  for (const name of Object.keys(before)) if (!Object.hasOwn(after, name)) removed.push(`${prefix}${name}`);
  for (const [name, value] of Object.entries(after)) {
    const was = Object.hasOwn(before, name) ? before[name] : undefined;
    if (isDocument(was) && isDocument(value)) compareFields(was, value, `${prefix}${name}.`, updated, removed);
    else if (was === undefined || !isSame(was, value)) updated[`${prefix}${name}`] = value;
  }
}

/** Of the same type, too: an int32 is no double of the same size. */
function isSame(a, b) {
  const left = valueOf(a);
  const right = valueOf(b);
  return left.type === right.type && left.end - left.start === right.end - right.start
    && sameBytes(left.buf, left.start, right.buf, right.start, left.end - left.start);
}
