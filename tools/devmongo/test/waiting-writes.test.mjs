import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Session } from './support/client.mjs';
import { isReal, uniqueDatabase, useServer } from './support/servers.mjs';

const database = uniqueDatabase('waiting_writes');
let server;
let client;
let other;

before(async () => {
  server = await useServer();
  client = await server.connect();
  other = await server.connect();
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

function increment(id, fields, by = client) {
  return by.command(database, { update: 'c', updates: [{ q: { _id: id }, u: { $inc: { n: 1 } } }], ...fields });
}

async function contents(fields) {
  const documents = await client.all(database, { find: 'c', sort: { _id: 1 }, ...fields });
  return documents;
}

test('A write outside waits for the transaction that holds the document', async () => {
  await insert([{ _id: 1, n: 1 }]);
  const session = new Session();
  await increment(1, session.start());

  let done = false;
  const waiting = increment(1, {}, other).finally(() => { done = true; });
  await client.run(database, { ping: 1 });
  const doneEarly = done;
  await session.commit(client);
  const reply = await waiting;

  assert.equal(doneEarly, false);
  assert.equal(reply.nModified, 1);
  assert.deepEqual(await contents(), [{ _id: 1, n: 3 }]);
});

test('A write outside waits no longer than its maxTimeMS', async () => {
  await insert([{ _id: 1, n: 1 }]);
  const session = new Session();
  await increment(1, session.start());

  const reply = await increment(1, { maxTimeMS: 50 }, other);
  await session.abort(client);

  assert.equal(reply.code, 50);
  assert.equal(reply.codeName, 'MaxTimeMSExpired');
  assert.deepEqual(await contents(), [{ _id: 1, n: 1 }]);
});

test('A write that waits for a collection that is dropped meanwhile says so', { skip: isReal && 'MongoDB lets the drop wait' }, async () => {
  await insert([{ _id: 1, n: 1 }]);
  const session = new Session();
  await increment(1, session.start());

  const waiting = increment(1, {}, other);
  await client.run(database, { drop: 'c' });
  await session.abort(client);

  assert.equal((await waiting).code, 175);
});

test('An update of many that has to wait changes each document once', async () => {
  await insert([{ _id: 1, n: 0 }, { _id: 2, n: 0 }, { _id: 3, n: 0 }]);
  const session = new Session();
  await increment(2, session.start());

  const waiting = other.command(database, { update: 'c', updates: [{ q: {}, u: { $inc: { n: 10 } }, multi: true }] });
  await client.run(database, { ping: 1 });
  await session.commit(client);
  const reply = await waiting;

  assert.equal(reply.n, 3);
  assert.deepEqual(await contents(), [{ _id: 1, n: 10 }, { _id: 2, n: 11 }, { _id: 3, n: 10 }]);
});

test('A batch that has to wait in its middle inserts each document once', async () => {
  const session = new Session();
  await insert([{ _id: 2 }], session.start());

  const waiting = other.command(database, { insert: 'c', documents: [{ _id: 1 }, { _id: 2 }, { _id: 3 }], ordered: false });
  await client.run(database, { ping: 1 });
  await session.abort(client);
  const reply = await waiting;

  assert.equal(reply.n, 3);
  assert.deepEqual(await contents(), [{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
});

test('A large batch that conflicts leaves nothing of itself in memory', { skip: isReal && 'it looks inside the stand-in' }, async () => {
  const documents = Array.from({ length: 500 }, (_, i) => ({ _id: i, text: 'x'.repeat(100) }));
  await insert([{ _id: 499 }]);
  const [one, two] = [new Session(), new Session()];
  await increment(499, one.start());

  const reply = await client.command(database, { insert: 'c', ...two.start() }, { section: { name: 'documents', documents } });
  await one.abort(client);
  const { heap } = server.standIn.catalog.find(database, 'c');

  assert.ok([112, undefined].includes(reply.code));
  assert.equal(heap.buffers.filter(buffer => buffer !== undefined).length, 1);
  assert.deepEqual(await contents(), [{ _id: 499 }]);
});
