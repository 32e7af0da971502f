// The parts below the collections.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decimal128, Double, Int32, Long, ObjectId, Timestamp, serialize } from 'bson';
import { Key, keyText } from '../lib/bson/keys.mjs';
import { readInt32 } from '../lib/bson/raw.mjs';
import { decodeDocument } from '../lib/bson/values.mjs';
import { encodeDocument } from '../lib/bson/writer.mjs';
import { Heap } from '../lib/storage/heap.mjs';
import { IdIndex } from '../lib/storage/id-index.mjs';
import { seeded } from './support/random.mjs';

function keyOf(value) {
  const buf = Buffer.from(serialize({ v: value }));
  return keyText(buf, buf[4], 7);
}

test('Equal values of all number types have one key, unequal ones have not', () => {
  const groups = [
    [1, new Int32(1), Long.fromNumber(1), new Double(1), Decimal128.fromString('1')],
    [0, new Double(0), new Double(-0), Long.ZERO],
    [new Double(1.5), Decimal128.fromString('1.5')],
    [Long.fromString('9007199254740993')],
    [new Double(9007199254740992), Long.fromString('9007199254740992')],
    ['1'], [true], [null], [{ a: 1 }, { a: Long.fromNumber(1) }], [{ a: 1, b: 1 }], [{ b: 1, a: 1 }], [[1], [new Double(1)]], [new Date(1)],
  ];
  const seen = new Set();

  for (const group of groups) {
    const keys = new Set(group.map(keyOf));
    assert.equal(keys.size, 1, JSON.stringify(group));
    const [key] = keys;
    assert.ok(!seen.has(key), JSON.stringify(group));
    seen.add(key);
  }
});

test('Values of every type come back as they were', () => {
  const document = {
    d: new Double(2), i: new Int32(3), l: Long.fromString('-9007199254740993'), s: 'grüße', o: { a: [null, true, {}] }, id: new ObjectId(), at: new Date(-5),
    ts: new Timestamp({ t: 7, i: 9 }), dec: Decimal128.fromString('1.10'), bytes: Buffer.from([1, 2]), re: /a.b/i,
  };
  const buf = Buffer.from(serialize(document));

  const again = encodeDocument(decodeDocument(buf, 0), true);

  assert.equal(again.toString('hex'), buf.toString('hex'));
});

test('The index on _id finds what it holds, through any additions and removals', () => {
  const keys = [];
  const index = new IdIndex((record, key) => key.equals(keys[record], keys[record][4], 7));
  const key = new Key();
  const random = seeded(3);
  const held = new Set();
  for (let i = 0; i < 4000; i++) keys.push(Buffer.from(serialize({ v: { a: i, b: `x${i % 7}` } })));

  for (let step = 0; step < 40_000; step++) {
    const record = random(keys.length);
    key.set(keys[record], keys[record][4], 7);
    assert.equal(index.find(key), held.has(record) ? record : -1);
    if (held.has(record)) {
      index.remove(key.hash, record);
      held.delete(record);
    } else {
      index.add(key.hash, record);
      held.add(record);
    }
  }

  assert.equal(index.size, held.size);
});

test('The heap gives back what was stored and uses freed places again', () => {
  const heap = new Heap();
  const random = seeded(5);
  const stored = [];
  const document = () => encodeDocument({ n: random(1 << 30), text: 'x'.repeat(random(random(20) === 0 ? 100_000 : 300)) });
  let peak = 0;

  for (let step = 0; step < 30_000; step++) {
    if (stored.length > 500) {
      const [{ chunk, offset, copy }] = stored.splice(random(stored.length), 1);
      const { buffers } = heap;
      assert.ok(buffers[chunk].subarray(offset, offset + readInt32(buffers[chunk], offset)).equals(copy));
      heap.release(chunk, offset);
    } else {
      const copy = document();
      heap.store(copy, 0, copy.length);
      stored.push({ chunk: heap.chunk, offset: heap.offset, copy });
    }
    if (step === 15_000) peak = heap.buffers.filter(buffer => buffer !== undefined).length;
  }
  for (const { chunk, offset } of stored) heap.release(chunk, offset);

  assert.equal(heap.bytes, 0);
  assert.ok(heap.buffers.filter(buffer => buffer !== undefined).length <= peak * 2);
});
