// Snapshot isolation as MongoDB has it, in its plainest form: what the server's answers are compared with.

class ModelTransaction {
  constructor(model) {
    this.model = model;
    this.began = model.commits;
    this.seen = new Map(model.committed);
    this.written = new Set();
    // Those of `written` that this transaction inserted itself.
    this.fresh = new Set();
  }

  write(id, change) {
    const { model } = this;
    if (model.holderOf(id, this) !== undefined || (model.changedAt.get(id) ?? 0) > this.began) return this.fail('conflict');
    if (!this.written.has(id) && !model.exists(id)) this.fresh.add(id);
    this.written.add(id);
    change(this.seen);
    // What a transaction inserts and deletes again leaves no trace.
    if (this.fresh.has(id) && !this.seen.has(id)) {
      this.fresh.delete(id);
      this.written.delete(id);
    }
    return 'ok';
  }

  fail(how) {
    this.model.open.delete(this);
    return how;
  }

  commit() {
    const { model } = this;
    model.open.delete(this);
    if (this.written.size === 0) return;
    model.commits++;
    for (const id of this.written) model.apply(id, this.seen.get(id));
  }

  abort() {
    this.model.open.delete(this);
  }
}

export class SnapshotModel {
  constructor() {
    this.committed = new Map();
    this.commits = 1;
    this.changedAt = new Map();
    this.open = new Set();
  }

  begin() {
    const transaction = new ModelTransaction(this);
    this.open.add(transaction);
    return transaction;
  }

  holderOf(id, except) {
    return [...this.open].find(each => each !== except && each.written.has(id));
  }

  exists(id) {
    return this.committed.has(id);
  }

  apply(id, value) {
    if (value === undefined) this.committed.delete(id);
    else this.committed.set(id, value);
    this.changedAt.set(id, this.commits);
  }

  /** A write outside any transaction. */
  write(id, value) {
    this.commits++;
    this.apply(id, value);
  }
}
