import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Session } from './support/client.mjs';
import { uniqueDatabase, useServer } from './support/servers.mjs';

const database = uniqueDatabase('retryable');
let server;
let client;

before(async () => {
  server = await useServer();
  client = await server.connect();
});

beforeEach(() => client.command(database, { drop: 'c' }));

after(async () => {
  await client.command(database, { dropDatabase: 1 });
  await server.close();
});

async function twice(session, body) {
  const first = await client.run(database, { ...body, ...session.retryable() });
  const second = await client.run(database, { ...body, ...session.again() });
  return [first, second];
}

test('Every kind of write is done once and answered twice alike', async () => {
  const session = new Session();

  const inserts = await twice(session, { insert: 'c', documents: [{ _id: 1, n: 1 }, { _id: 2, n: 1 }] });
  const updates = await twice(session, { update: 'c', updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }, { q: { _id: 3 }, u: { $inc: { n: 1 } }, upsert: true }] });
  const finds = await twice(session, { findAndModify: 'c', query: { _id: 1 }, update: { $inc: { n: 1 } }, new: true });
  const deletes = await twice(session, { delete: 'c', deletes: [{ q: { _id: 2 }, limit: 1 }] });

  for (const [first, second] of [inserts, updates, deletes]) {
    assert.deepEqual([second.n, second.nModified, second.upserted, second.writeErrors], [first.n, first.nModified, first.upserted, first.writeErrors]);
  }
  assert.deepEqual(finds.map(({ value }) => value), [{ _id: 1, n: 3 }, { _id: 1, n: 3 }]);
  assert.deepEqual(await client.all(database, { find: 'c', sort: { _id: 1 } }), [{ _id: 1, n: 3 }, { _id: 3, n: 1 }]);
});

test('A batch that failed in its middle goes on where it stopped', async () => {
  const session = new Session();
  await client.run(database, { insert: 'c', documents: [{ _id: 2 }] });
  const batch = { insert: 'c', documents: [{ _id: 1 }, { _id: 2 }, { _id: 3 }] };

  const first = await client.run(database, { ...batch, ...session.retryable() });
  await client.run(database, { delete: 'c', deletes: [{ q: { _id: 2 }, limit: 1 }] });
  const second = await client.run(database, { ...batch, ...session.again() });

  assert.deepEqual([first.n, first.writeErrors[0].index], [1, 1]);
  assert.deepEqual([second.n, second.writeErrors], [3, undefined]);
});

test('Measurements are inserted once too', async () => {
  await client.run(database, { create: 'c', timeseries: { timeField: 't', metaField: 'm' } });
  const session = new Session();

  await twice(session, { insert: 'c', documents: [{ t: new Date(), m: 1 }, { t: new Date(), m: 2 }] });

  assert.equal((await client.run(database, { count: 'c' })).n, 2);
});

test('Writes of many documents cannot be retried', async () => {
  const session = new Session();

  const update = await client.command(database, { update: 'c', updates: [{ q: {}, u: { $set: { a: 1 } }, multi: true }], ...session.retryable() });
  const remove = await client.command(database, { delete: 'c', deletes: [{ q: {}, limit: 0 }], ...session.retryable() });
  const read = await client.command(database, { find: 'c', ...session.retryable() });

  assert.deepEqual([update.code, remove.code], [72, 72]);
  assert.equal(read.code, 50768);
});

test('A number needs a session', async () => {
  const { txnNumber } = new Session().retryable();

  const reply = await client.command(database, { insert: 'c', documents: [{}], txnNumber });

  assert.equal(reply.code, 72);
});
