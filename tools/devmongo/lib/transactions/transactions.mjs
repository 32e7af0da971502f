// The order of commits, and what is open. Stamps count commits; a snapshot is the stamp of the last commit it sees.

/** How a reader or writer outside any transaction sees the data: the latest of everything. */
export class LatestView {
  constructor(transactions) {
    this.transactions = transactions;
    this.id = 0;
    this.snapshot = Infinity;
    this.stamped = 0;
  }

  /** The stamp of this statement's writes; one commit for all that one uninterrupted run writes. */
  get writeStamp() {
    if (this.stamped !== this.transactions.now) this.stamped = this.transactions.tick();
    return this.stamped;
  }
}

export class Transaction {
  constructor(id, transactions) {
    this.id = id;
    this.transactions = transactions;
    this.snapshot = transactions.now;
    this.touched = new Map();
    this.state = 'open';
    this.started = transactions.clock.now();
    this.waiters = [];
    this.undoings = [];
    this.committing = [];
    // Whose it is: the session's id and the transaction's number.
    this.session = undefined;
  }

  get writeStamp() {
    return -this.id;
  }

  touch(collection, record) {
    const records = this.touched.get(collection);
    if (records === undefined) this.touched.set(collection, [record]);
    else records.push(record);
  }

  get hasWritten() {
    return this.touched.size > 0;
  }

  commit() {
    this.state = 'committed';
    this.transactions.close(this);
    if (this.hasWritten) {
      const stamp = this.transactions.tick();
      for (const [collection, records] of this.touched) for (const record of records) collection.commit(record, stamp);
      for (const tell of this.committing) tell();
    }
    this.#end();
  }

  abort() {
    this.state = 'aborted';
    this.transactions.close(this);
    for (const [collection, records] of this.touched) {
      for (let i = records.length - 1; i >= 0; i--) collection.undo(records[i]);
    }
    for (const undo of this.undoings) undo();
    this.#end();
  }

  #end() {
    this.touched = new Map();
    this.committing = [];
    this.transactions.collectGarbage();
    for (const wake of this.waiters.splice(0)) wake();
  }

  /** Has something done once the transaction's writes are seen by all. */
  onCommit(tell) {
    this.committing.push(tell);
  }

  /** Has something undone, after the writes, if the transaction aborts. */
  onAbort(undo) {
    this.undoings.push(undo);
  }

  /** Calls back once the transaction has ended; returns a function that gives up waiting. */
  onEnd(wake) {
    this.waiters.push(wake);
    return () => {
      this.waiters = this.waiters.filter(waiter => waiter !== wake);
    };
  }
}

export class Transactions {
  #open = new Map();
  #retired = [];
  #retiredFrom = 0;
  #nextId = 1;

  constructor(clock) {
    this.clock = clock;
    this.now = 1;
    this.totals = { started: 0, committed: 0, aborted: 0 };
  }

  begin() {
    const transaction = new Transaction(this.#nextId++, this);
    this.#open.set(transaction.id, transaction);
    this.totals.started++;
    return transaction;
  }

  open(id) {
    return this.#open.get(id);
  }

  get openTransactions() {
    return this.#open.values();
  }

  get openCount() {
    return this.#open.size;
  }

  get hasSnapshots() {
    return this.#open.size > 0;
  }

  close(transaction) {
    this.#open.delete(transaction.id);
    this.totals[transaction.state]++;
  }

  tick() {
    return ++this.now;
  }

  /** Notes that a record has a version older than `stamp`, to be let go when no open snapshot is older than that. */
  retire(collection, record, stamp) {
    this.#retired.push({ collection, record, stamp });
  }

  collectGarbage() {
    let oldest = Infinity;
    for (const transaction of this.#open.values()) oldest = Math.min(oldest, transaction.snapshot);
    const retired = this.#retired;
    let i = this.#retiredFrom;
    for (; i < retired.length && retired[i].stamp <= oldest; i++) {
      const { collection, record } = retired[i];
      retired[i] = undefined;
      if (!collection.dropped) collection.trim(record, oldest);
    }
    this.#retiredFrom = i;
    if (i === retired.length) {
      this.#retired = [];
      this.#retiredFrom = 0;
    } else if (i > 10_000) {
      this.#retired = retired.slice(i);
      this.#retiredFrom = 0;
    }
  }
}
