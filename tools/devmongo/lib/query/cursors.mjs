// Open cursors, and the batches they give.
import { randomBytes } from 'node:crypto';
import { MongoError } from '../errors.mjs';
import { RawDocuments } from '../bson/writer.mjs';
import { MAX_DOCUMENT } from '../bson/validate.mjs';

const IDLE_MS = 10 * 60 * 1000;
const FIRST_BATCH = 101;

class Cursor {
  constructor(id, namespace, stream, { sessionId, transaction }) {
    this.id = id;
    this.namespace = namespace;
    this.stream = stream;
    this.sessionId = sessionId;
    this.transaction = transaction;
    this.lastUsed = 0;
    this.waiting = undefined;
  }

  /** Up to `size` documents, and no more than fit a reply; says whether the end was reached. */
  batch(size) {
    const documents = new RawDocuments();
    const { stream } = this;
    if (this.waiting !== undefined && size > 0) {
      documents.add(this.waiting, 0, this.waiting.length);
      this.waiting = undefined;
    }
    while (documents.count < size) {
      if (!stream.next()) return { documents, isEnd: true };
      if (documents.count > 0 && documents.bytes + stream.end - stream.start > MAX_DOCUMENT) {
        this.waiting = Buffer.from(stream.buf.subarray(stream.start, stream.end));
        return { documents, isEnd: false };
      }
      documents.add(stream.buf, stream.start, stream.end);
    }
    return { documents, isEnd: stream.left === 0 };
  }
}

/** A cursor of a session or transaction is read on in that same one only. */
function checkOwner(cursor, { session, transaction }) {
  const cannot = `Cannot run getMore on cursor ${cursor.id}, which was`;
  if (cursor.sessionId !== session?.id) {
    if (cursor.sessionId === undefined) throw new MongoError(50736, `${cannot} not created in a session, in a session`);
    if (session === undefined) throw new MongoError(50737, `${cannot} created in a session, without an lsid`);
    throw new MongoError(50738, `${cannot} created in another session`);
  }
  if (cursor.transaction === transaction) return;
  if (cursor.transaction === undefined) throw new MongoError(50739, `${cannot} not created in a transaction, in a transaction`);
  if (transaction === undefined) throw new MongoError(50740, `${cannot} created in a transaction, without a txnNumber`);
  throw new MongoError(50741, `${cannot} created in another transaction`);
}

export class Cursors {
  #open = new Map();

  constructor(clock) {
    this.clock = clock;
  }

  get count() {
    return this.#open.size;
  }

  /** The first batch of a stream as a reply's `cursor`; stays open if there is more. */
  first(context, namespace, stream, { batchSize = FIRST_BATCH, singleBatch = false } = {}) {
    const owner = { sessionId: context.session?.id, transaction: context.transaction };
    const cursor = new Cursor(0n, namespace, stream, owner);
    const { documents, isEnd } = cursor.batch(batchSize);
    if (!isEnd && !singleBatch) this.#keep(cursor);
    return { firstBatch: documents, id: cursor.id, ns: namespace };
  }

  #keep(cursor) {
    do cursor.id = randomBytes(8).readBigInt64LE() & 0x7fffffffffffffffn; while (cursor.id === 0n || this.#open.has(cursor.id));
    cursor.lastUsed = this.clock.now();
    cursor.stream.keep?.();
    this.#open.set(cursor.id, cursor);
  }

  more(context, id, namespace, batchSize) {
    const cursor = this.#open.get(id);
    if (cursor === undefined) throw new MongoError('CursorNotFound', `cursor id ${id} not found`);
    if (cursor.namespace !== namespace) {
      throw new MongoError('Unauthorized', `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`);
    }
    checkOwner(cursor, context);
    cursor.lastUsed = this.clock.now();
    const { documents, isEnd } = cursor.batch(batchSize);
    if (isEnd) this.#open.delete(id);
    else cursor.stream.keep?.();
    return { nextBatch: documents, id: isEnd ? 0n : id, ns: namespace };
  }

  kill(id) {
    return this.#open.delete(id);
  }

  /** Closes cursors of a session, of a transaction, or that nobody used for ten minutes. */
  expire() {
    const limit = this.clock.now() - IDLE_MS;
    for (const [id, cursor] of this.#open) {
      const isOver = cursor.transaction !== undefined && cursor.transaction.state !== 'open';
      if (isOver || cursor.lastUsed < limit) this.#open.delete(id);
    }
  }

  endSession(sessionId) {
    for (const [id, cursor] of this.#open) if (cursor.sessionId === sessionId) this.#open.delete(id);
  }
}
