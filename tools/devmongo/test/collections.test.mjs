// Databases, collections and indexes; and commands that are not there.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isReal, uniqueDatabase, useServer } from './support/servers.mjs';

const database = uniqueDatabase('collections');
let server;
let client;

before(async () => {
  server = await useServer();
  client = await server.connect();
});

after(async () => {
  await client.command(database, { dropDatabase: 1 });
  await server.close();
});

test('A database is there while it has collections', async () => {
  const own = uniqueDatabase('here');
  const names = async () => (await client.run('admin', { listDatabases: 1, nameOnly: true })).databases.map(({ name }) => name);

  const before = await names();
  await client.run(own, { insert: 'c', documents: [{}] });
  const during = await names();
  await client.run(own, { dropDatabase: 1 });

  assert.deepEqual([before.includes(own), during.includes(own), (await names()).includes(own)], [false, true, false]);
});

test('Reading from nothing finds nothing', async () => {
  assert.deepEqual(await client.all(database, { find: 'none' }), []);
  assert.deepEqual(await client.all(database, { aggregate: 'none', pipeline: [{ $count: 'n' }], cursor: {} }), []);
  assert.equal((await client.run(database, { count: 'none' })).n, 0);
  assert.deepEqual((await client.run(database, { distinct: 'none', key: 'a' })).values, []);
  assert.equal((await client.run(database, { update: 'none', updates: [{ q: {}, u: { $set: { a: 1 } } }] })).n, 0);
  assert.equal((await client.run(database, { delete: 'none', deletes: [{ q: {}, limit: 0 }] })).n, 0);
});

test('Names that MongoDB refuses are refused', async () => {
  for (const name of ['', 'a$b', '.a', 'a.', 'x'.repeat(300)]) {
    assert.equal((await client.command(database, { create: name })).code, 73, name);
  }
  assert.equal((await client.command('a b', { insert: 'c', documents: [{}] })).code, 73);
  assert.equal((await client.command(database, { insert: 7, documents: [{}] })).ok, 0);
});

test('What is not supported is said, never ignored', { skip: isReal && 'MongoDB has these' }, async () => {
  const commands = [
    { create: 'v', validator: { a: 1 } }, { create: 'v', capped: true, size: 100 }, { create: 'v', viewOn: 'x' }, { find: 'c', collation: { locale: 'de' } },
    { update: 'c', updates: [{ q: {}, u: { $set: { 'a.$[x]': 1 } }, arrayFilters: [{ x: 1 }] }] }, { createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a', collation: { locale: 'de' } }] },
    { aggregate: 'c', pipeline: [], explain: true, cursor: {} }, { find: 'c', tailable: true },
    { find: 'c', min: { _id: 1 }, hint: { _id: 1 } }, { find: 'c', max: { _id: 1 }, hint: { _id: 1 } }, { find: 'c', returnKey: true }, { find: 'c', showRecordId: true },
  ];
  for (const command of commands) {
    const reply = await client.command(database, command);
    assert.equal(reply.code ?? reply.writeErrors?.[0].code, 115, JSON.stringify(command));
  }
});

test('Fields of the wrong type are refused', async () => {
  const wrong = [{ insert: 'c', documents: [{}], ordered: 'yes' }, { find: 'c', filter: 5 }, { find: 'c', limit: 'x' }, { aggregate: 'c', pipeline: {}, cursor: {} }, { insert: 'c', documents: [5] }];
  for (const command of wrong) assert.equal((await client.command(database, command)).code, 14, JSON.stringify(command));
});

test('Some commands are for admin only', async () => {
  assert.equal((await client.command(database, { listDatabases: 1 })).code, 13);
});

test('A unique index is not built over duplicates', async () => {
  await client.run(database, { insert: 'dup', documents: [{ k: 1 }, { k: 1 }] });

  const reply = await client.command(database, { createIndexes: 'dup', indexes: [{ key: { k: 1 }, name: 'k', unique: true }] });
  const { cursor } = await client.run(database, { listIndexes: 'dup' });

  assert.equal(reply.code, 11000);
  assert.deepEqual(cursor.firstBatch.map(({ name }) => name), ['_id_']);
});

test('A unique index is on all of its fields, and a missing field is null', async () => {
  await client.run(database, { createIndexes: 'compound', indexes: [{ key: { a: 1, b: 1 }, name: 'ab', unique: true }] });

  const reply = await client.run(database, { insert: 'compound', documents: [{ a: 1, b: 1 }, { a: 1, b: 2 }, { a: 1 }, { a: 1, b: null }, { a: 1, b: 1 }], ordered: false });

  assert.deepEqual(reply.writeErrors.map(({ index, keyValue }) => [index, keyValue]), [[3, { a: 1, b: null }], [4, { a: 1, b: 1 }]]);
});

test('Sparse and partial indexes leave out what they do not cover', async () => {
  await client.run(database, { createIndexes: 'partial', indexes: [
    { key: { s: 1 }, name: 's', unique: true, sparse: true }, { key: { p: 1 }, name: 'p', unique: true, partialFilterExpression: { on: true } },
  ] });

  const reply = await client.run(database, { insert: 'partial', documents: [{ p: 1 }, { p: 1 }, { s: 1 }, { s: 1 }, { p: 2, on: true, s: 2 }, { p: 2, on: true, s: 3 }, { p: 2, s: 4 }], ordered: false });

  assert.deepEqual(reply.writeErrors.map(({ index }) => index), [3, 5]);
});

test('An array has an entry for each of its values', async () => {
  await client.run(database, { createIndexes: 'multi', indexes: [{ key: { tags: 1 }, name: 'tags', unique: true }] });

  const reply = await client.run(database, { insert: 'multi', documents: [{ _id: 1, tags: ['a', 'b'] }, { _id: 2, tags: ['b'] }, { _id: 3, tags: ['c', 'c'] }], ordered: false });

  assert.deepEqual(reply.writeErrors.map(({ index }) => index), [1]);
  assert.deepEqual((await client.all(database, { find: 'multi', filter: { tags: 'a' } })).map(({ _id }) => _id), [1]);
});

test('Indexes go by name, by key, or all but that on _id', async () => {
  const specs = ['a', 'b', 'c'].map(path => ({ key: { [path]: 1 }, name: path }));
  await client.run(database, { createIndexes: 'drops', indexes: specs });
  const names = async () => (await client.run(database, { listIndexes: 'drops' })).cursor.firstBatch.map(({ name }) => name);

  await client.run(database, { dropIndexes: 'drops', index: 'a' });
  const one = await names();
  await client.run(database, { dropIndexes: 'drops', index: { b: 1 } });
  const two = await names();
  await client.run(database, { dropIndexes: 'drops', index: '*' });

  assert.deepEqual([one, two, await names()], [['_id_', 'b', 'c'], ['_id_', 'c'], ['_id_']]);
  assert.equal((await client.command(database, { dropIndexes: 'drops', index: 'none' })).code, 27);
  assert.equal((await client.command(database, { dropIndexes: 'drops', index: '_id_' })).code, 72);
});

test('A hint must name an index', async () => {
  await client.run(database, { createIndexes: 'hints', indexes: [{ key: { a: 1 }, name: 'by_a' }] });

  const outcomes = [];
  for (const hint of ['by_a', { a: 1 }, '_id_', { $natural: 1 }, 'none', { b: 1 }]) {
    outcomes.push((await client.command(database, { find: 'hints', hint })).code ?? 0);
  }

  assert.deepEqual(outcomes, [0, 0, 0, 0, 2, 2]);
});

test('serverStatus counts operations, commands and transactions', async () => {
  const status = async () => client.run('admin', { serverStatus: 1 });
  const before = await status();

  await client.run(database, { insert: 'counted', documents: [{}, {}, {}] });
  await client.run(database, { find: 'counted' });
  const afterwards = await status();

  assert.ok(afterwards.opcounters.insert - before.opcounters.insert >= 3);
  assert.ok(afterwards.opcounters.query - before.opcounters.query >= 1);
  assert.ok(afterwards.metrics.commands.insert.total - (before.metrics.commands.insert?.total ?? 0) >= 1);
  assert.ok('totalCommitted' in afterwards.transactions);
});

test('A client that knows the topology waits for it to change', async () => {
  const { topologyVersion } = await client.run('admin', { hello: 1 });
  const monitor = await server.connect();
  const order = [];

  const waiting = monitor.run('admin', { hello: 1, topologyVersion, maxAwaitTimeMS: 200 }).then(() => order.push('hello'));
  await client.run('admin', { ping: 1 }).then(() => order.push('ping'));
  await waiting;

  assert.deepEqual(order, ['ping', 'hello']);
});
