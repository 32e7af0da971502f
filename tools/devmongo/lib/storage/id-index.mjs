// The index on `_id`: a hash table of record numbers with linear probing, in typed arrays. The keys themselves are
// in the documents; `isKey(record, key)` compares.

const EMPTY = 0;

export class IdIndex {
  constructor(isKey) {
    this.isKey = isKey;
    this.size = 0;
    this.#allocate(1024);
  }

  #allocate(capacity) {
    this.mask = capacity - 1;
    this.hashes = new Int32Array(capacity);
    this.records = new Int32Array(capacity);
  }

  /** The record of this key, or -1. */
  find(key) {
    const { mask, hashes, records } = this;
    const { hash } = key;
    for (let i = hash & mask; records[i] !== EMPTY; i = (i + 1) & mask) {
      if (hashes[i] === hash && this.isKey(records[i] - 1, key)) return records[i] - 1;
    }
    return -1;
  }

  /** Adds a key that `find` did not find. */
  add(hash, record) {
    if (this.size * 5 > this.mask * 3) this.#grow();
    const { mask, hashes, records } = this;
    let i = hash & mask;
    while (records[i] !== EMPTY) i = (i + 1) & mask;
    hashes[i] = hash;
    records[i] = record + 1;
    this.size++;
  }

  remove(hash, record) {
    const { mask, hashes, records } = this;
    let i = hash & mask;
    while (records[i] !== record + 1) {
      if (records[i] === EMPTY) return;
      i = (i + 1) & mask;
    }
    this.size--;
    // What follows moves up, unless it would move before its own place.
    for (let j = (i + 1) & mask; records[j] !== EMPTY; j = (j + 1) & mask) {
      const home = hashes[j] & mask;
      if (((j - home) & mask) < ((j - i) & mask)) continue;
      hashes[i] = hashes[j];
      records[i] = records[j];
      i = j;
    }
    records[i] = EMPTY;
  }

  #grow() {
    const { hashes, records } = this;
    this.#allocate(records.length * 2);
    const { mask } = this;
    for (let i = 0; i < records.length; i++) {
      if (records[i] === EMPTY) continue;
      let j = hashes[i] & mask;
      while (this.records[j] !== EMPTY) j = (j + 1) & mask;
      this.hashes[j] = hashes[i];
      this.records[j] = records[i];
    }
  }
}
