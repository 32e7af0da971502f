// What expires, and when. The clock is the test's.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Session } from './support/client.mjs';
import { startStandIn } from './support/servers.mjs';

const DATABASE = 'expiry';
const NOON = Date.UTC(2026, 0, 1, 12);
const clock = { time: NOON, now: () => clock.time };
let server;
let client;

before(async () => {
  server = await startStandIn({ clock });
  client = await server.connect();
});

after(() => server.close());

function at(seconds) {
  return new Date(NOON + seconds * 1000);
}

async function remaining(collection) {
  return (await client.all(DATABASE, { find: collection, sort: { _id: 1 } })).map(({ _id }) => _id);
}

function sweepAt(seconds) {
  clock.time = NOON + seconds * 1000;
  return server.standIn.sweep();
}

test('Documents go when their date is as old as the index says, and not before', async () => {
  await client.run(DATABASE, { createIndexes: 'c', indexes: [{ key: { at: 1 }, name: 'ttl', expireAfterSeconds: 60 }] });
  await client.run(DATABASE, { insert: 'c', documents: [{ _id: 1, at: at(0) }, { _id: 2, at: at(30) }, { _id: 3 }, { _id: 4, at: 'no date' }, { _id: 5, at: [at(90), at(10)] }] });

  const early = sweepAt(59);
  const first = sweepAt(60);
  const afterFirst = await remaining('c');
  sweepAt(95);

  assert.equal(early, 0);
  assert.equal(first, 1);
  assert.deepEqual(afterFirst, [2, 3, 4, 5]);
  assert.deepEqual(await remaining('c'), [3, 4]);
});

test('A date that is moved on keeps its document', async () => {
  clock.time = NOON;
  await client.run(DATABASE, { createIndexes: 'moved', indexes: [{ key: { at: 1 }, name: 'ttl', expireAfterSeconds: 60 }] });
  await client.run(DATABASE, { insert: 'moved', documents: [{ _id: 1, at: at(0) }, { _id: 2, at: at(0) }] });

  await client.run(DATABASE, { update: 'moved', updates: [{ q: { _id: 1 }, u: { $set: { at: at(100) } } }] });
  sweepAt(61);
  const kept = await remaining('moved');
  sweepAt(161);

  assert.deepEqual(kept, [1]);
  assert.deepEqual(await remaining('moved'), []);
});

test('A document that a transaction is changing waits until that has ended', async () => {
  clock.time = NOON;
  await client.run(DATABASE, { createIndexes: 'held', indexes: [{ key: { at: 1 }, name: 'ttl', expireAfterSeconds: 60 }] });
  await client.run(DATABASE, { insert: 'held', documents: [{ _id: 1, at: at(0) }] });
  const session = new Session();
  await client.run(DATABASE, { update: 'held', updates: [{ q: { _id: 1 }, u: { $set: { x: 1 } } }], ...session.start() });

  const whileHeld = sweepAt(50 + 61);
  await session.commit(client);
  const afterwards = sweepAt(50 + 62);

  assert.equal(whileHeld, 0);
  assert.equal(afterwards, 1);
});

test('A snapshot still sees what has expired since', async () => {
  clock.time = NOON;
  await client.run(DATABASE, { createIndexes: 'seen', indexes: [{ key: { at: 1 }, name: 'ttl', expireAfterSeconds: 60 }] });
  await client.run(DATABASE, { insert: 'seen', documents: [{ _id: 1, at: at(0) }] });
  const session = new Session();
  await client.run(DATABASE, { find: 'seen', ...session.start() });

  sweepAt(61);
  const within = await client.all(DATABASE, { find: 'seen', ...session.next() });
  const outside = await client.all(DATABASE, { find: 'seen' });
  await session.commit(client);

  assert.equal(within.length, 1);
  assert.equal(outside.length, 0);
});

test('Measurements go a bucket at a time, when all of a bucket are too old', async () => {
  clock.time = NOON;
  await client.run(DATABASE, { create: 'ts', timeseries: { timeField: 't', metaField: 'm' }, expireAfterSeconds: 3600 });
  await client.run(DATABASE, { insert: 'ts', documents: [{ _id: 1, t: at(0), m: 'a' }, { _id: 2, t: at(1800), m: 'a' }, { _id: 3, t: at(7200), m: 'a' }, { _id: 4, t: at(0), m: 'b' }] });

  sweepAt(3700);
  const first = await remaining('ts');
  sweepAt(5500);

  assert.deepEqual(first, [1, 2, 3]);
  assert.deepEqual(await remaining('ts'), [3]);
  assert.equal((await client.run(DATABASE, { count: 'ts' })).n, 1);
});

test('collMod changes when documents and measurements expire', async () => {
  clock.time = NOON;
  await client.run(DATABASE, { createIndexes: 'm', indexes: [{ key: { at: 1 }, name: 'ttl', expireAfterSeconds: 60 }] });
  await client.run(DATABASE, { insert: 'm', documents: [{ _id: 1, at: at(0) }] });
  await client.run(DATABASE, { create: 'mts', timeseries: { timeField: 't' }, expireAfterSeconds: 60 });
  await client.run(DATABASE, { insert: 'mts', documents: [{ _id: 1, t: at(0) }] });

  const reply = await client.run(DATABASE, { collMod: 'm', index: { name: 'ttl', expireAfterSeconds: 600 } });
  await client.run(DATABASE, { collMod: 'mts', expireAfterSeconds: 'off' });
  sweepAt(100);

  assert.deepEqual([Number(reply.expireAfterSeconds_old), Number(reply.expireAfterSeconds_new)], [60, 600]);
  assert.deepEqual(await remaining('m'), [1]);
  assert.deepEqual(await remaining('mts'), [1]);
});

test('Many expired documents free their memory', async () => {
  clock.time = NOON;
  await client.run(DATABASE, { createIndexes: 'many', indexes: [{ key: { at: 1 }, name: 'ttl', expireAfterSeconds: 60 }] });
  for (let batch = 0; batch < 5; batch++) {
    const documents = Array.from({ length: 4000 }, (_, i) => ({ _id: batch * 4000 + i, at: at(batch) }));
    await client.run(DATABASE, { insert: 'many' }, { section: { name: 'documents', documents } });
  }

  const removed = sweepAt(100);
  const { heap, records } = server.standIn.catalog.find(DATABASE, 'many');

  assert.equal(removed, 20_000);
  assert.equal(heap.bytes, 0);
  assert.ok(heap.buffers.every(buffer => buffer === undefined));
  assert.ok(records.blocks.filter(block => block !== undefined).length <= 1);
});
