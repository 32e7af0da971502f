// Documents one after the other: `next()` sets `buf`, `start` and `end` and says whether there was one. What it sets
// is good until the turn of the event loop ends.
import { readInt32 } from '../bson/raw.mjs';
import { sortDocuments } from './sort.mjs';

const CHECK_EVERY = 4096;

/** The documents of a selection, as stored or projected. */
export class SelectionStream {
  constructor(selection, { skip = 0, limit = Infinity, project, checkTime }) {
    this.selection = selection;
    this.skip = skip;
    this.left = limit;
    this.project = project;
    this.checkTime = checkTime;
    this.read = 0;
    this.buf = undefined;
    this.start = 0;
    this.end = 0;
  }

  next() {
    const { selection } = this;
    while (this.left > 0 && selection.next() >= 0) {
      if (++this.read % CHECK_EVERY === 0) this.checkTime?.();
      if (this.skip > 0) {
        this.skip--;
        continue;
      }
      this.left--;
      const { buf, at } = selection.collection;
      this.#set(buf, at);
      return true;
    }
    return false;
  }

  #set(buf, at) {
    if (this.project === undefined) {
      this.buf = buf;
      this.start = at;
      this.end = at + readInt32(buf, at);
    } else {
      ({ buf: this.buf, start: this.start, end: this.end } = this.project(buf, at));
    }
  }
}

/** Documents in an array of `{buf, start, end}`. */
export class ListStream {
  constructor(documents, project = undefined) {
    this.documents = documents;
    this.project = project;
    this.at = 0;
    this.buf = undefined;
    this.start = 0;
    this.end = 0;
  }

  next() {
    if (this.at >= this.documents.length) return false;
    const document = this.documents[this.at++];
    ({ buf: this.buf, start: this.start, end: this.end } = this.project === undefined ? document : this.project(document.buf, document.start));
    return true;
  }

  /** Copies what is left, so that it stays as it is when the collection changes. */
  keep() {
    this.documents = this.documents.slice(this.at).map(({ buf, start, end }) => ({ buf: Buffer.from(buf.subarray(start, end)), start: 0, end: end - start }));
    this.at = 0;
  }
}

/** All documents of a selection, sorted. */
export function sortedStream(selection, keys, { skip = 0, limit = Infinity, project, checkTime }) {
  const all = [];
  while (selection.next() >= 0) {
    const { buf, at } = selection.collection;
    all.push({ buf, start: at, end: at + readInt32(buf, at) });
    if (all.length % CHECK_EVERY === 0) checkTime?.();
  }
  return new ListStream(sortDocuments(all, keys).slice(skip, limit === Infinity ? undefined : skip + limit), project);
}
