// Open cursors, and the batches they give.
import { randomBytes } from 'node:crypto';
import { MongoError } from '../errors.mjs';
import { RawDocuments } from '../bson/writer.mjs';
import { MAX_DOCUMENT } from '../bson/validate.mjs';

const IDLE_MS = 10 * 60 * 1000;
const FIRST_BATCH = 101;
// How long the next batch of a tailable cursor is waited for if the client does not say.
const AWAIT_MS = 1000;

class Cursor {
  constructor(id, namespace, stream, { sessionId, transaction }) {
    this.id = id;
    this.namespace = namespace;
    this.stream = stream;
    this.sessionId = sessionId;
    this.transaction = transaction;
    this.lastUsed = 0;
    this.waiting = undefined;
    // Of a tailable cursor that waits for more: ends the wait.
    this.wake = undefined;
    this.isKilled = false;
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
      if (!stream.next()) return { documents, isEnd: !stream.isTailable || stream.isOver };
      if (documents.count > 0 && documents.bytes + stream.end - stream.start > MAX_DOCUMENT) {
        if (stream.isTailable) stream.unread();
        else this.waiting = Buffer.from(stream.buf.subarray(stream.start, stream.end));
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
    const batch = cursor.batch(batchSize);
    if (!batch.isEnd && !singleBatch) this.#keep(cursor);
    return this.#reply('firstBatch', batch, cursor, cursor.id);
  }

  #reply(name, { documents }, { stream, namespace }, id) {
    const token = stream.isTailable ? { postBatchResumeToken: stream.resumeToken } : {};
    return { [name]: documents, ...token, id, ns: namespace };
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
    if (cursor.wake !== undefined) throw new MongoError('CursorInUse', `cursor id ${id} is already in use`);
    cursor.lastUsed = this.clock.now();
    return cursor.stream.isTailable ? this.#moreOfStream(context, cursor, batchSize) : this.#next(cursor, cursor.batch(batchSize));
  }

  #next(cursor, batch) {
    if (batch.isEnd) this.#open.delete(cursor.id);
    else cursor.stream.keep?.();
    return this.#reply('nextBatch', batch, cursor, batch.isEnd ? 0n : cursor.id);
  }

  /** The next batch of a tailable cursor: waits until there is something, for `maxTimeMS` at most. */
  async #moreOfStream(context, cursor, batchSize) {
    const until = performance.now() + (context.request.number('maxTimeMS') || AWAIT_MS);
    const { stream } = cursor;
    try {
      for (;;) {
        const batch = cursor.batch(batchSize);
        const left = until - performance.now();
        if (batch.documents.count > 0 || batch.isEnd || left <= 0) return this.#next(cursor, batch);
        await context.connection.sleep(left, wake => {
          cursor.wake = wake;
          stream.onMore(wake);
        });
        this.#endWait(cursor);
        if (cursor.isKilled || context.connection.closed) throw new MongoError('CursorKilled', `cursor id ${cursor.id} was killed`);
      }
    } catch (error) {
      this.#open.delete(cursor.id);
      throw error;
    }
  }

  #endWait(cursor) {
    if (cursor.wake !== undefined) cursor.stream.offMore(cursor.wake);
    cursor.wake = undefined;
  }

  kill(id) {
    const cursor = this.#open.get(id);
    if (cursor === undefined) return false;
    cursor.isKilled = true;
    cursor.wake?.();
    return this.#open.delete(id);
  }

  /** Closes cursors of a session, of a transaction, or that nobody used for ten minutes. */
  expire() {
    const limit = this.clock.now() - IDLE_MS;
    for (const [id, cursor] of this.#open) {
      const isOver = cursor.transaction !== undefined && cursor.transaction.state !== 'open';
      if (isOver || cursor.lastUsed < limit) this.kill(id);
    }
  }

  endSession(sessionId) {
    for (const [id, cursor] of this.#open) if (cursor.sessionId === sessionId) this.kill(id);
  }
}
