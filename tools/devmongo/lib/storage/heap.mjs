// Where a collection's documents lie: in large buffers outside the JavaScript heap, so that millions of documents
// are no work for the garbage collector. A place is (chunk, offset).
//   - Bulk inserts: the network message itself becomes a chunk, freed when its last document goes.
//   - All else: slots of fixed sizes in slabs, reused when freed, so that hot documents do not leave holes behind.
import { readInt32 } from '../bson/raw.mjs';

const SLAB = 1 << 20;
const SMALL_STEP = 32;
const SMALL_LIMIT = 1024;
const SLAB_LIMIT = 1 << 16;

export class Heap {
  constructor() {
    this.buffers = [];
    this.live = [];
    this.unused = [];
    this.freeSlots = new Map();
    this.slab = -1;
    this.slabUsed = SLAB;
    this.bytes = 0;
    this.chunk = 0;
    this.offset = 0;
  }

  /** Makes a buffer a chunk that lives while documents in it do. `hold` them one by one. */
  adopt(buffer) {
    const index = this.unused.length > 0 ? this.unused.pop() : this.buffers.length;
    this.buffers[index] = buffer;
    this.live[index] = 0;
    return index;
  }

  hold(chunk) {
    this.live[chunk]++;
  }

  /** Takes back one `hold` that was not for a document. */
  letGo(chunk) {
    if (--this.live[chunk] === 0) this.#drop(chunk);
  }

  /** Copies a document in; its place is then in `chunk` and `offset`. */
  store(source, start, length) {
    this.bytes += length;
    const size = slotSize(length);
    if (size > SLAB_LIMIT) {
      const own = Buffer.allocUnsafeSlow(length);
      source.copy(own, 0, start, start + length);
      this.chunk = this.adopt(own);
      this.live[this.chunk] = 1;
      this.offset = 0;
      return;
    }
    const free = this.freeSlots.get(size);
    if (free !== undefined && free.length > 0) {
      const packed = free.pop();
      this.chunk = Math.floor(packed / SLAB);
      this.offset = packed % SLAB;
    } else {
      if (this.slabUsed + size > SLAB) this.#newSlab();
      this.chunk = this.slab;
      this.offset = this.slabUsed;
      this.slabUsed += size;
    }
    source.copy(this.buffers[this.chunk], this.offset, start, start + length);
  }

  release(chunk, offset) {
    const length = readInt32(this.buffers[chunk], offset);
    this.bytes -= length;
    if (this.live[chunk] < 0) {
      const size = slotSize(length);
      const free = this.freeSlots.get(size);
      if (free === undefined) this.freeSlots.set(size, [chunk * SLAB + offset]);
      else free.push(chunk * SLAB + offset);
    } else if (--this.live[chunk] === 0) {
      this.#drop(chunk);
    }
  }

  #newSlab() {
    this.slab = this.adopt(Buffer.allocUnsafeSlow(SLAB));
    this.live[this.slab] = -1;
    this.slabUsed = 0;
  }

  #drop(chunk) {
    this.buffers[chunk] = undefined;
    this.unused.push(chunk);
  }
}

function slotSize(length) {
  if (length <= SMALL_LIMIT) return Math.ceil(length / SMALL_STEP) * SMALL_STEP;
  const step = 2 ** (Math.ceil(Math.log2(length)) - 3);
  return Math.ceil(length / step) * step;
}
