// What has changed in a collection since somebody first watched it, in the order of commits: what a change stream reads, as mongod's reads
// the oplog. A collection that nobody watches keeps none. It stays when the collection is dropped, and goes on when it is made again.
import { randomBytes } from 'node:crypto';
import { MongoError } from '../errors.mjs';

const MOST = 100_000;
const MOST_BYTES = 64 * 1024 * 1024;

export class ChangeLog {
  #changes = [];
  #dropped = 0;
  #bytes = 0;
  #waiting = new Set();
  #isWaking = false;

  /** `clusterTime()` is the time of the last commit. */
  constructor(namespace, clusterTime) {
    this.namespace = namespace;
    this.clusterTime = clusterTime;
    this.id = randomBytes(4).toString('hex');
    this.since = clusterTime();
  }

  /** Where the next change will be. */
  get end() {
    return this.#dropped + this.#changes.length;
  }

  /** Notes a change, if it is in a transaction once that commits. `document` is BSON of its own. */
  note(view, type, document, before = undefined) {
    if (view.id === 0) this.#append({ type, document, before });
    else view.onCommit(() => this.#append({ type, document, before, session: view.session }));
  }

  /** Notes that the collection is gone; streams end with that. */
  noteDrop() {
    this.#append({ type: 'drop' });
    this.#append({ type: 'invalidate' });
  }

  #append(change) {
    change.time = this.clusterTime();
    this.#changes.push(change);
    this.#bytes += sizeOf(change);
    if (this.#changes.length > MOST || this.#bytes > MOST_BYTES) this.#forgetOldest();
    this.#wakeSoon();
  }

  #forgetOldest() {
    const oldest = this.#changes.splice(0, Math.ceil(this.#changes.length / 10));
    this.#dropped += oldest.length;
    for (const change of oldest) this.#bytes -= sizeOf(change);
  }

  /** The change at a position; undefined at the end. */
  at(position) {
    if (position < this.#dropped) throw historyLost();
    return this.#changes[position - this.#dropped];
  }

  /** The position of the first change at or after a time. */
  positionAt(time) {
    const isOlder = this.#dropped > 0 ? time.lessThan(this.#changes[0].time) : time.lessThanOrEqual(this.since);
    if (isOlder) throw historyLost();
    const found = this.#changes.findIndex(change => change.time.greaterThanOrEqual(time));
    return found < 0 ? this.end : this.#dropped + found;
  }

  /** The time of what lies before a position. */
  timeBefore(position) {
    return this.#changes[position - 1 - this.#dropped]?.time ?? this.since;
  }

  /** Calls back once there is more. */
  onMore(wake) {
    this.#waiting.add(wake);
  }

  offMore(wake) {
    this.#waiting.delete(wake);
  }

  /** After the command that changes: all of a commit is read at once. */
  #wakeSoon() {
    if (this.#isWaking) return;
    this.#isWaking = true;
    setImmediate(() => {
      this.#isWaking = false;
      for (const wake of this.#waiting) wake();
    });
  }
}

function sizeOf({ document, before }) {
  return (document?.length ?? 0) + (before?.length ?? 0);
}

function historyLost() {
  const error = new MongoError('ChangeStreamHistoryLost',
    'Resume of change stream was not possible, as the resume point may no longer be in the oplog.');
  error.labels = ['NonResumableChangeStreamError'];
  return error;
}
