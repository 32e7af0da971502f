// A collection whose records have versions: readers see the version of their snapshot, the newest version is in the
// records table, older ones that some snapshot still needs are in a chain beside it. A version that a transaction
// has written but not committed carries the transaction's negated id as its stamp.
import { WriteConflict, MongoError } from '../errors.mjs';
import { Key } from '../bson/keys.mjs';
import { readInt32 } from '../bson/raw.mjs';
import { DELETED, FREE, Records } from './records.mjs';
import { Heap } from './heap.mjs';
import { IdIndex } from './id-index.mjs';
import { duplicateKey } from './duplicate-key.mjs';

class Version {
  constructor(chunk, offset, stamp, until, next) {
    this.chunk = chunk;
    this.offset = offset;
    this.stamp = stamp;
    this.until = until;
    this.next = next;
  }
}

export class Collection {
  constructor(namespace, options, transactions) {
    this.namespace = namespace;
    this.options = options;
    this.transactions = transactions;
    this.records = new Records();
    this.heap = new Heap();
    this.older = new Map();
    this.indexes = [];
    this.documents = 0;
    this.dropped = false;
    // What change streams read; undefined while nobody has watched it.
    this.changes = undefined;
    this.key = new Key();
    this.ids = new IdIndex((record, key) => this.#hasId(record, key));
    // The version found by the last successful `read`.
    this.buf = undefined;
    this.at = 0;
  }

  get isTimeSeries() {
    return false;
  }

  /** Finds the version of a record that a view sees; false if it sees none. */
  read(record, view) {
    const chunk = this.records.chunk(record);
    if (chunk === FREE) return false;
    const stamp = this.records.stamp(record);
    if (stamp >= 0 ? stamp <= view.snapshot : -stamp === view.id) {
      if (chunk === DELETED) return false;
      this.at = this.records.offset(record);
      this.buf = this.heap.buffers[chunk];
      return true;
    }
    let version = this.older.get(record);
    while (version !== undefined && version.stamp > view.snapshot) version = version.next;
    if (version === undefined || version.chunk === DELETED) return false;
    this.at = version.offset;
    this.buf = this.heap.buffers[version.chunk];
    return true;
  }

  /** The record with this `_id` value, or -1. Whether a view sees it is for `read` to say. */
  findById(buf, type, at) {
    return this.ids.find(this.key.set(buf, type, at));
  }

  /** Adds a document whose first field is its `_id`; `chunk` is where its bytes already are, or -1 to copy them. */
  insert(buf, at, view, chunk = -1) {
    const { key } = this;
    key.set(buf, buf[at + 4], at + 9);
    const { hash } = key;
    let record = this.ids.find(key);
    if (record >= 0) {
      this.claim(record, view);
      if (this.records.chunk(record) >= 0) throw duplicateKey(this.namespace, { name: '_id_', key: { _id: 1 } }, buf, at);
    }
    for (const index of this.indexes) if (index.unique) this.checkUnique(index, record, buf, at, view);
    const offset = this.placeDocument(buf, at, chunk);
    const place = chunk >= 0 ? chunk : this.heap.chunk;
    if (record >= 0) {
      this.#put(record, place, offset, view);
    } else {
      record = this.records.append(place, offset, view.writeStamp);
      this.ids.add(hash, record);
      if (view.id === 0) this.documents++;
      else view.touch(this, record);
    }
    for (const index of this.indexes) index.add(this.heap.buffers[place], offset, record);
    this.changes?.note(view, 'insert', copyOf(buf, at));
    return record;
  }

  placeDocument(buf, at, chunk) {
    if (chunk < 0) {
      this.heap.store(buf, at, readInt32(buf, at));
      return this.heap.offset;
    }
    this.heap.hold(chunk);
    this.heap.bytes += readInt32(buf, at);
    return at;
  }

  /** Replaces the document of a record that the view sees; as a whole, or as far as an update has changed it. */
  replace(record, buf, at, view, isWhole = true) {
    this.claim(record, view);
    const before = this.changes === undefined || isWhole ? undefined : this.#copy(record, view);
    for (const index of this.indexes) if (index.unique) this.checkUnique(index, record, buf, at, view);
    this.heap.store(buf, at, readInt32(buf, at));
    const { chunk, offset } = this.heap;
    this.#put(record, chunk, offset, view);
    for (const index of this.indexes) index.add(this.heap.buffers[chunk], offset, record);
    this.changes?.note(view, isWhole ? 'replace' : 'update', copyOf(buf, at), before);
  }

  remove(record, view) {
    this.claim(record, view);
    this.changes?.note(view, 'delete', this.#copy(record, view));
    this.#put(record, DELETED, 0, view);
  }

  #copy(record, view) {
    this.read(record, view);
    return copyOf(this.buf, this.at);
  }

  /** Throws WriteConflict if another transaction wrote this record, or one that this view does not see did. */
  claim(record, view) {
    const stamp = this.records.stamp(record);
    if (stamp < 0) {
      if (-stamp !== view.id) throw new WriteConflict(this.transactions.open(-stamp));
    } else if (stamp > view.snapshot) {
      throw new WriteConflict();
    }
  }

  #put(record, chunk, offset, view) {
    const { records } = this;
    const oldChunk = records.chunk(record);
    const oldOffset = records.offset(record);
    const oldStamp = records.stamp(record);
    if (view.id === 0) this.documents += (chunk >= 0 ? 1 : 0) - (oldChunk >= 0 ? 1 : 0);
    if (oldStamp < 0) {
      if (chunk === DELETED && !this.#hasOlderDocument(record)) {
        this.older.delete(record);
        this.#forget(record, oldChunk, oldOffset);
      } else {
        records.set(record, chunk, offset, oldStamp);
        this.#release(record, oldChunk, oldOffset);
      }
      return;
    }
    if (view.id === 0 && !this.transactions.hasSnapshots) {
      if (chunk === DELETED) {
        this.#forget(record, oldChunk, oldOffset);
      } else {
        records.set(record, chunk, offset, view.writeStamp);
        this.#release(record, oldChunk, oldOffset);
      }
      return;
    }
    const until = view.id === 0 ? view.writeStamp : Infinity;
    this.older.set(record, new Version(oldChunk, oldOffset, oldStamp, until, this.older.get(record)));
    records.set(record, chunk, offset, view.writeStamp);
    if (view.id === 0) this.transactions.retire(this, record, view.writeStamp);
    else view.touch(this, record);
  }

  /** Whether some version beside the current one still has bytes, and so tells the record's keys. */
  #hasOlderDocument(record) {
    let version = this.older.get(record);
    while (version !== undefined && version.chunk < 0) version = version.next;
    return version !== undefined;
  }

  /** The transaction that wrote this record commits. */
  commit(record, stamp) {
    const chunk = this.records.chunk(record);
    if (chunk === FREE || this.records.stamp(record) >= 0) return;
    this.records.setStamp(record, stamp);
    const previous = this.older.size === 0 ? undefined : this.older.get(record);
    this.documents += (chunk >= 0 ? 1 : 0) - (previous !== undefined && previous.chunk >= 0 ? 1 : 0);
    if (previous !== undefined) {
      previous.until = stamp;
      this.transactions.retire(this, record, stamp);
    }
  }

  /** The transaction that wrote this record aborts. */
  undo(record) {
    const chunk = this.records.chunk(record);
    if (chunk === FREE || this.records.stamp(record) >= 0) return;
    const offset = this.records.offset(record);
    const previous = this.older.get(record);
    if (previous === undefined) {
      this.#forget(record, chunk, offset);
      return;
    }
    if (previous.next === undefined) this.older.delete(record);
    else this.older.set(record, previous.next);
    this.records.set(record, previous.chunk, previous.offset, previous.stamp);
    if (previous.chunk === DELETED && previous.next === undefined) this.#forget(record, chunk, offset);
    else this.#release(record, chunk, offset);
  }

  /** Lets go of versions that no snapshot at or after `oldest` needs. */
  trim(record, oldest) {
    let kept;
    let version = this.older.get(record);
    while (version !== undefined && version.until > oldest) {
      kept = version;
      version = version.next;
    }
    if (version === undefined) return;
    if (kept === undefined) this.older.delete(record);
    else kept.next = undefined;
    const isGone = kept === undefined && this.records.chunk(record) === DELETED && this.records.stamp(record) >= 0;
    for (; version !== undefined; version = version.next) {
      if (version.chunk < 0) continue;
      if (isGone && this.records.chunk(record) !== FREE) this.#forget(record, version.chunk, version.offset);
      else this.#release(record, version.chunk, version.offset);
    }
    if (isGone && this.records.chunk(record) !== FREE) throw new MongoError('InternalError', 'a deleted record has no last version');
  }

  /** Removes a record; the place is that of its last version, which still tells its keys. */
  #forget(record, chunk, offset) {
    const buf = this.heap.buffers[chunk];
    if (this.ids !== undefined) this.ids.remove(this.key.set(buf, buf[offset + 4], offset + 9).hash, record);
    this.records.remove(record);
    this.#release(record, chunk, offset);
  }

  /** Lets go of a version's bytes, and of index entries that only it had. */
  #release(record, chunk, offset) {
    if (chunk < 0) return;
    if (this.indexes.length > 0) {
      const rest = this.versions(record);
      for (const index of this.indexes) index.remove(this.heap.buffers[chunk], offset, record, rest);
    }
    this.heap.release(chunk, offset);
  }

  /** The places of all versions of a record, newest first. */
  versions(record) {
    const places = [];
    const chunk = this.records.chunk(record);
    if (chunk >= 0) places.push({ buf: this.heap.buffers[chunk], at: this.records.offset(record) });
    for (let version = this.older.get(record); version !== undefined; version = version.next) {
      if (version.chunk >= 0) places.push({ buf: this.heap.buffers[version.chunk], at: version.offset });
    }
    return places;
  }

  #hasId(record, key) {
    let chunk = this.records.chunk(record);
    let offset = this.records.offset(record);
    for (let version = chunk < 0 ? this.older.get(record) : undefined; chunk < 0 && version !== undefined; version = version.next) {
      chunk = version.chunk;
      offset = version.offset;
    }
    const buf = this.heap.buffers[chunk];
    return key.equals(buf, buf[offset + 4], offset + 9);
  }

  checkUnique(index, self, buf, at, view) {
    for (const entry of index.keysOf(buf, at)) {
      for (const record of index.recordsOf(entry)) {
        if (record === self) continue;
        const stamp = this.records.stamp(record);
        const isOthers = stamp < 0 && -stamp !== view.id;
        const holders = isOthers ? this.versions(record) : this.versions(record).slice(0, 1);
        if (!isOthers && this.records.chunk(record) < 0) continue;
        if (!holders.some(holder => index.keysOf(holder.buf, holder.at).includes(entry))) continue;
        if (isOthers) throw new WriteConflict(this.transactions.open(-stamp));
        if (stamp > view.snapshot) throw new WriteConflict();
        throw duplicateKey(this.namespace, index, buf, at);
      }
    }
  }
}

function copyOf(buf, at) {
  return Buffer.from(buf.subarray(at, at + readInt32(buf, at)));
}
