// The table of a collection's records: for each record number where its current version lies and since when.
// Typed arrays in blocks: no object a record, and blocks whose records are all gone are let go.

export const BLOCK = 4096;
const SHIFT = 12;
const MASK = BLOCK - 1;
export const DELETED = -1;
export const FREE = -2;

class Block {
  constructor() {
    this.chunk = new Int32Array(BLOCK).fill(FREE);
    this.offset = new Int32Array(BLOCK);
    this.stamp = new Float64Array(BLOCK);
    this.live = 0;
  }
}

export class Records {
  constructor() {
    this.blocks = [];
    this.next = 0;
    this.count = 0;
  }

  append(chunk, offset, stamp) {
    const id = this.next++;
    const slot = id & MASK;
    if (slot === 0) this.#addBlock();
    const block = this.blocks[id >>> SHIFT];
    block.chunk[slot] = chunk;
    block.offset[slot] = offset;
    block.stamp[slot] = stamp;
    block.live++;
    this.count++;
    return id;
  }

  #addBlock() {
    const last = this.blocks.length - 1;
    if (last >= 0 && this.blocks[last]?.live === 0) this.blocks[last] = undefined;
    this.blocks.push(new Block());
  }

  chunk(id) {
    const block = this.blocks[id >>> SHIFT];
    return block === undefined ? FREE : block.chunk[id & MASK];
  }

  offset(id) {
    return this.blocks[id >>> SHIFT].offset[id & MASK];
  }

  stamp(id) {
    return this.blocks[id >>> SHIFT].stamp[id & MASK];
  }

  set(id, chunk, offset, stamp) {
    const block = this.blocks[id >>> SHIFT];
    const slot = id & MASK;
    block.chunk[slot] = chunk;
    block.offset[slot] = offset;
    block.stamp[slot] = stamp;
  }

  setStamp(id, stamp) {
    this.blocks[id >>> SHIFT].stamp[id & MASK] = stamp;
  }

  remove(id) {
    const index = id >>> SHIFT;
    const block = this.blocks[index];
    block.chunk[id & MASK] = FREE;
    this.count--;
    if (--block.live === 0 && (index < this.blocks.length - 1 || (this.next & MASK) === 0)) this.blocks[index] = undefined;
  }
}
