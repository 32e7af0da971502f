import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Long } from 'bson';
import { Session } from './support/client.mjs';
import { uniqueDatabase, useServer } from './support/servers.mjs';

const database = uniqueDatabase('cursors');
const MIB = 1024 * 1024;
let server;
let client;

before(async () => {
  server = await useServer();
  client = await server.connect();
  await client.run(database, { insert: 'c', documents: Array.from({ length: 500 }, (_, i) => ({ _id: i, half: i % 2 })) });
});

after(async () => {
  await client.command(database, { dropDatabase: 1 });
  await server.close();
});

test('A first batch holds 101 documents unless it is told otherwise', async () => {
  const { cursor } = await client.run(database, { find: 'c' });
  const none = await client.run(database, { find: 'c', batchSize: 0 });

  assert.equal(cursor.firstBatch.length, 101);
  assert.equal(none.cursor.firstBatch.length, 0);
  assert.notEqual(none.cursor.id.toString(), '0');
});

test('All documents come, each once, sorted, filtered or aggregated', async () => {
  const plain = await client.all(database, { find: 'c', batchSize: 7 });
  const sorted = await client.all(database, { find: 'c', filter: { half: 1 }, sort: { _id: -1 }, batchSize: 7 });
  const aggregated = await client.all(database, { aggregate: 'c', pipeline: [{ $match: { half: 0 } }], cursor: { batchSize: 7 } });

  assert.deepEqual(plain.map(({ _id }) => _id), Array.from({ length: 500 }, (_, i) => i));
  assert.deepEqual(sorted.map(({ _id }) => _id), Array.from({ length: 250 }, (_, i) => 499 - 2 * i));
  assert.equal(aggregated.length, 250);
});

test('A limit closes the cursor when it is reached, skip comes first', async () => {
  const { cursor } = await client.run(database, { find: 'c', sort: { _id: 1 }, skip: 490, limit: 20 });
  const exact = await client.run(database, { find: 'c', limit: 5, batchSize: 5 });

  assert.deepEqual(cursor.firstBatch.map(({ _id }) => _id), [490, 491, 492, 493, 494, 495, 496, 497, 498, 499]);
  assert.equal(cursor.id.toString(), '0');
  assert.equal(exact.cursor.id.toString(), '0');
});

test('A sorted cursor gives what was there when it was opened, whatever happens meanwhile', async () => {
  await client.run(database, { insert: 'changing', documents: Array.from({ length: 300 }, (_, i) => ({ _id: i, v: 'before' })) });
  const { cursor } = await client.run(database, { find: 'changing', sort: { _id: 1 }, batchSize: 10 });

  await client.run(database, { update: 'changing', updates: [{ q: {}, u: { $set: { v: 'after, and longer than before' } }, multi: true }] });
  await client.run(database, { delete: 'changing', deletes: [{ q: { _id: { $gte: 100 } }, limit: 0 }] });
  const { cursor: rest } = await client.run(database, { getMore: cursor.id, collection: 'changing' });

  assert.equal(rest.nextBatch.length, 290);
  assert.ok(rest.nextBatch.every(({ _id }, i) => _id === i + 10));
});

test('A batch is no larger than a reply may be', async () => {
  const text = 'x'.repeat(MIB);
  for (let i = 0; i < 40; i++) await client.run(database, { insert: 'large', documents: [{ _id: i, text }] });

  const { cursor } = await client.run(database, { find: 'large' });
  const all = await client.all(database, { find: 'large' });

  assert.ok(cursor.firstBatch.length >= 14 && cursor.firstBatch.length <= 16);
  assert.equal(all.length, 40);
});

test('A killed cursor is gone, one of another collection is not given', async () => {
  const { cursor } = await client.run(database, { find: 'c', batchSize: 1 });

  const elsewhere = await client.command(database, { getMore: cursor.id, collection: 'large' });
  const killed = await client.run(database, { killCursors: 'c', cursors: [cursor.id, Long.fromNumber(77)] });
  const gone = await client.command(database, { getMore: cursor.id, collection: 'c' });

  assert.equal(elsewhere.code, 13);
  assert.deepEqual([killed.cursorsKilled.length, killed.cursorsNotFound.map(Number)], [1, [77]]);
  assert.equal(gone.code, 43);
});

test('A cursor of a session is given in that session', async () => {
  const session = new Session();
  const { cursor } = await client.run(database, { find: 'c', batchSize: 1, lsid: session.lsid });

  const without = await client.command(database, { getMore: cursor.id, collection: 'c' });
  const within = await client.command(database, { getMore: cursor.id, collection: 'c', batchSize: 3, lsid: session.lsid });

  assert.equal(without.code, 50737);
  assert.equal(within.cursor.nextBatch.length, 3);
});

test('Negative sizes are refused', async () => {
  for (const field of ['limit', 'skip', 'batchSize']) {
    const reply = await client.command(database, { find: 'c', [field]: -1 });
    assert.equal(reply.code, 51024, field);
  }
});
