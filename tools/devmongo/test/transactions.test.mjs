import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Session } from './support/client.mjs';
import { uniqueDatabase, useServer } from './support/servers.mjs';

const database = uniqueDatabase('transactions');
let server;
let client;

before(async () => {
  server = await useServer();
  client = await server.connect();
});

beforeEach(async () => {
  await client.command(database, { drop: 'c' });
  await client.run(database, { create: 'c' });
});

after(async () => {
  await client.command(database, { dropDatabase: 1 });
  await server.close();
});

function insert(documents, fields) {
  return client.command(database, { insert: 'c', documents, ...fields });
}

function increment(id, fields) {
  return client.command(database, { update: 'c', updates: [{ q: { _id: id }, u: { $inc: { n: 1 } } }], ...fields });
}

async function contents(fields) {
  const documents = await client.all(database, { find: 'c', sort: { _id: 1 }, ...fields });
  return documents;
}

test('An aborted transaction leaves no insert, update, delete or upsert behind', async () => {
  await insert([{ _id: 1, n: 1 }, { _id: 2, n: 2 }, { _id: 3, n: 3 }]);
  const session = new Session();

  await insert([{ _id: 4 }], session.start());
  await increment(1, session.next());
  await client.run(database, { delete: 'c', deletes: [{ q: { _id: 2 }, limit: 1 }], ...session.next() });
  await client.run(database, { update: 'c', updates: [{ q: { _id: 5 }, u: { $set: { x: 1 } }, upsert: true }], ...session.next() });
  const within = await contents(session.next());
  await session.abort(client);

  assert.deepEqual(within, [{ _id: 1, n: 2 }, { _id: 3, n: 3 }, { _id: 4 }, { _id: 5, x: 1 }]);
  assert.deepEqual(await contents(), [{ _id: 1, n: 1 }, { _id: 2, n: 2 }, { _id: 3, n: 3 }]);
});

test('A document that a transaction inserts, changes and deletes never was', async () => {
  const session = new Session();

  await insert([{ _id: 1, n: 0 }], session.start());
  await increment(1, session.next());
  await client.run(database, { delete: 'c', deletes: [{ q: {}, limit: 0 }], ...session.next() });
  await insert([{ _id: 1, again: true }], session.next());
  await client.run(database, { delete: 'c', deletes: [{ q: {}, limit: 0 }], ...session.next() });
  await session.commit(client);

  assert.deepEqual(await contents(), []);
  assert.equal((await insert([{ _id: 1 }])).n, 1);
});

test('An _id that a transaction frees can be taken by it, and by others only after the commit', async () => {
  await insert([{ _id: 1, old: true }]);
  const session = new Session();

  await client.run(database, { delete: 'c', deletes: [{ q: { _id: 1 }, limit: 1 }], ...session.start() });
  const mine = await insert([{ _id: 1, old: false }], session.next());
  await session.commit(client);
  const theirs = await insert([{ _id: 1 }]);

  assert.equal(mine.n, 1);
  assert.equal(theirs.writeErrors[0].code, 11000);
  assert.deepEqual(await contents(), [{ _id: 1, old: false }]);
});

test('A snapshot stays the same while others insert, change and delete', async () => {
  await insert([{ _id: 1, n: 1 }, { _id: 2, n: 2 }]);
  const session = new Session();
  const first = await contents(session.start());

  for (let i = 0; i < 5; i++) await increment(1);
  await client.run(database, { delete: 'c', deletes: [{ q: { _id: 2 }, limit: 1 }] });
  await insert([{ _id: 3 }]);
  await insert([{ _id: 2, n: 20 }]);
  const later = await contents(session.next());
  const byId = await contents({ filter: { _id: { $in: [1, 2, 3] } }, ...session.next() });
  await session.commit(client);

  assert.deepEqual(later, first);
  assert.deepEqual(byId, first);
  assert.deepEqual(await contents(), [{ _id: 1, n: 6 }, { _id: 2, n: 20 }, { _id: 3 }]);
});

test('What another transaction changed since the snapshot cannot be written', async () => {
  await insert([{ _id: 1, n: 1 }]);
  const session = new Session();
  await contents(session.start());
  await increment(1);

  const reply = await increment(1, session.next());
  const afterwards = await session.commit(client);

  assert.equal(reply.code, 112);
  assert.deepEqual(reply.errorLabels, ['TransientTransactionError']);
  assert.equal(afterwards.code, 251);
  assert.deepEqual(await contents(), [{ _id: 1, n: 2 }]);
});

test('A document inserted since the snapshot conflicts with an insert of the same _id', async () => {
  const session = new Session();
  await contents(session.start());
  await insert([{ _id: 1 }]);

  const reply = await insert([{ _id: 1 }], session.next());

  assert.equal(reply.code, 112);
  assert.deepEqual(reply.errorLabels, ['TransientTransactionError']);
});

test('A unique index holds across transactions', async () => {
  await client.run(database, { createIndexes: 'c', indexes: [{ key: { k: 1 }, name: 'k', unique: true }] });
  const [one, two] = [new Session(), new Session()];

  await insert([{ _id: 1, k: 'x' }], one.start());
  const conflicting = await insert([{ _id: 2, k: 'x' }], two.start());
  await one.commit(client);
  const duplicate = await insert([{ _id: 3, k: 'x' }], two.start());

  assert.equal(conflicting.code, 112);
  assert.equal(duplicate.writeErrors[0].code, 11000);
  assert.deepEqual(duplicate.writeErrors[0].keyPattern, { k: 1 });
});

test('A key of a unique index is free again after an abort, and after a commit that gave it up', async () => {
  await client.run(database, { createIndexes: 'c', indexes: [{ key: { k: 1 }, name: 'k', unique: true }] });
  const session = new Session();
  await insert([{ _id: 1, k: 'a' }]);

  await insert([{ _id: 2, k: 'b' }], session.start());
  await session.abort(client);
  const afterAbort = await insert([{ _id: 3, k: 'b' }]);
  await client.run(database, { update: 'c', updates: [{ q: { _id: 1 }, u: { $set: { k: 'c' } } }], ...session.start() });
  await session.commit(client);
  const afterCommit = await insert([{ _id: 4, k: 'a' }]);

  assert.equal(afterAbort.n, 1);
  assert.equal(afterCommit.n, 1);
});

test('A commit can be sent again', async () => {
  const session = new Session();
  await insert([{ _id: 1 }], session.start());

  const first = await session.commit(client);
  const second = await session.commit(client);
  const abort = await session.abort(client);

  assert.equal(first.ok, 1);
  assert.equal(second.ok, 1);
  assert.equal(abort.code, 256);
  assert.deepEqual(await contents(), [{ _id: 1 }]);
});

test('A new transaction of a session ends the one before', async () => {
  const session = new Session();
  await insert([{ _id: 1 }], session.start());

  await insert([{ _id: 2 }], session.start());
  await session.commit(client);

  assert.deepEqual(await contents(), [{ _id: 2 }]);
});

test('A transaction number is not used twice, nor an older one', async () => {
  const session = new Session();
  const first = session.start();
  await insert([{ _id: 1 }], first);
  const again = await insert([{ _id: 2 }], first);
  await insert([{ _id: 3 }], session.start());
  const older = await insert([{ _id: 4 }], first);

  assert.equal(again.code, 50911);
  assert.equal(older.code, 225);
  await session.abort(client);
});

test('endSessions aborts what is open', async () => {
  const session = new Session();
  await insert([{ _id: 1 }], session.start());

  await client.run('admin', { endSessions: [session.lsid] });

  assert.equal((await insert([{ _id: 1, mine: true }])).n, 1);
});

test('Commands that no transaction takes are refused, and the transaction goes on', async () => {
  const session = new Session();
  await insert([{ _id: 1 }], session.start());

  const count = await client.command(database, { count: 'c', ...session.next() });
  const concern = await insert([{ _id: 2 }], { ...session.next(), writeConcern: { w: 1 } });
  const commit = await session.commit(client);

  assert.equal(count.code, 263);
  assert.equal(concern.code, 72);
  assert.equal(commit.ok, 1);
  assert.deepEqual(await contents(), [{ _id: 1 }]);
});

test('A cursor of a transaction reads on in its snapshot', async () => {
  await insert(Array.from({ length: 10 }, (_, i) => ({ _id: i })));
  const session = new Session();
  const { cursor } = await client.run(database, { find: 'c', batchSize: 4, ...session.start() });

  await client.run(database, { delete: 'c', deletes: [{ q: {}, limit: 0 }] });
  const outside = await client.command(database, { getMore: cursor.id, collection: 'c' });
  const more = await client.run(database, { getMore: cursor.id, collection: 'c', ...session.next() });
  await session.commit(client);

  assert.equal(outside.code, 50737);
  assert.deepEqual([...cursor.firstBatch, ...more.cursor.nextBatch].map(({ _id }) => _id), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
