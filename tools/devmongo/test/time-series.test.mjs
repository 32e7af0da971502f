// The rules of time-series collections as of MongoDB 5.0, and finding what is in them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Session } from './support/client.mjs';
import { isReal, startStandIn, uniqueDatabase, useServer } from './support/servers.mjs';

const database = uniqueDatabase('series');
const NOW = Math.floor(Date.now() / 3_600_000) * 3_600_000;
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

function at(minutes) {
  return new Date(NOW + minutes * 60_000);
}

async function create(name, indexes = []) {
  await client.run(database, { create: name, timeseries: { timeField: 't', metaField: 'm', granularity: 'seconds' } });
  if (indexes.length > 0) await client.run(database, { createIndexes: name, indexes });
}

function measurements(devices, each) {
  return Array.from({ length: devices * each }, (_, i) => ({
    _id: i, t: at(Math.floor(i / devices)), m: { device: `d${i % devices}`, zone: i % 2 }, v: i / 4,
  }));
}

for (const indexes of [[], [{ key: { 'm.device': 1, t: 1 }, name: 'device_time' }]]) {
  test(`Measurements are found by device, time and value, ${indexes.length > 0 ? 'with' : 'without'} an index`, async () => {
    const name = `found${indexes.length}`;
    await create(name, indexes);
    const documents = measurements(5, 200);
    await client.run(database, { insert: name, documents: documents.slice(500), ordered: false });
    await client.run(database, { insert: name, documents: documents.slice(0, 500), ordered: false });
    const find = async (filter, keep) => {
      const found = await client.all(database, { find: name, filter, sort: { _id: 1 } });
      assert.deepEqual(found.map(({ _id }) => _id), documents.filter(keep).map(({ _id }) => _id), JSON.stringify(filter));
    };

    await find({}, () => true);
    await find({ 'm.device': 'd3' }, ({ m }) => m.device === 'd3');
    await find({ 'm.device': { $in: ['d1', 'd4', 'none'] } }, ({ m }) => ['d1', 'd4'].includes(m.device));
    await find({ 'm.device': 'd2', t: { $gte: at(50), $lt: at(120) } }, ({ m, t }) => m.device === 'd2' && t >= at(50) && t < at(120));
    await find({ t: { $gt: at(195) } }, ({ t }) => t > at(195));
    await find({ 'm.zone': 1, v: { $lt: 20 } }, ({ m, v }) => m.zone === 1 && v < 20);
    await find({ m: { device: 'd1', zone: 0 } }, ({ m }) => m.device === 'd1' && m.zone === 0);
    await find({ 'm.device': { $ne: 'd1' }, t: at(7) }, ({ m, t }) => m.device !== 'd1' && t.getTime() === at(7).getTime());
    await find({ $or: [{ 'm.device': 'd1' }, { _id: 0 }] }, ({ _id, m }) => m.device === 'd1' || _id === 0);
    await find({ 'm.device': 'none' }, () => false);
  });
}

test('A look-up by device and time does not read the rest', { skip: isReal && 'it looks inside the stand-in' }, async () => {
  const own = await startStandIn();
  const connection = await own.connect();
  await connection.run('x', { create: 'ts', timeseries: { timeField: 't', metaField: 'm' } });
  await connection.run('x', { insert: 'ts', documents: measurements(50, 400), ordered: false });
  const collection = own.standIn.catalog.find('x', 'ts');
  let reads = 0;
  const read = collection.read.bind(collection);
  collection.read = (...rest) => { reads++; return read(...rest); };

  const found = await connection.all('x', { find: 'ts', filter: { 'm.device': 'd7', t: { $gte: at(380) } } });
  await own.close();

  assert.equal(found.length, 20);
  assert.ok(reads <= 60, `${reads} records were read`);
});

test('Equal _ids are no error', async () => {
  await create('twice');

  const reply = await client.run(database, { insert: 'twice', documents: [{ _id: 1, t: at(0), m: 1 }, { _id: 1, t: at(0), m: 1 }] });

  assert.equal(reply.n, 2);
  assert.equal((await client.run(database, { count: 'twice' })).n, 2);
});

test('Without a time nothing is stored, and the others of an unordered batch are', async () => {
  await create('times');

  const reply = await client.run(database, { insert: 'times', documents: [{ m: 1 }, { t: at(0), m: 1 }, { t: 'x' }, { t: at(1) }], ordered: false });

  assert.deepEqual([reply.n, reply.writeErrors.map(({ index, code }) => [index, code])], [2, [[0, 2], [2, 2]]]);
});

test('No write in a transaction', async () => {
  await create('tx');
  await client.run(database, { insert: 'tx', documents: [{ t: at(0), m: 1 }] });
  const session = new Session();

  const insert = await client.command(database, { insert: 'tx', documents: [{ t: at(0) }], ...session.start() });
  const update = await client.command(database, { update: 'tx', updates: [{ q: { m: 1 }, u: { $set: { m: 2 } }, multi: true }], ...session.start() });
  const remove = await client.command(database, { delete: 'tx', deletes: [{ q: { m: 1 }, limit: 0 }], ...session.start() });

  assert.deepEqual([insert.code, update.code, remove.code], [263, 263, 263]);
  assert.deepEqual([insert.errorLabels, update.errorLabels], [undefined, undefined]);
});

const refusedUpdates = [
  ['of one', { q: { m: 1 }, u: { $set: { m: 2 } } }],
  ['with upsert', { q: { m: 1 }, u: { $set: { m: 2 } }, multi: true, upsert: true }],
  ['found by another field', { q: { v: 1 }, u: { $set: { m: 2 } }, multi: true }],
  ['found by time', { q: { t: new Date(0) }, u: { $set: { m: 2 } }, multi: true }],
  ['of another field', { q: { m: 1 }, u: { $set: { v: 2 } }, multi: true }],
  ['by a pipeline', { q: { m: 1 }, u: [{ $set: { m: 2 } }], multi: true }],
];

for (const [what, statement] of refusedUpdates) {
  test(`An update ${what} is refused`, { skip: isReal && 'later releases allow some' }, async () => {
    await client.command(database, { create: 'refused', timeseries: { timeField: 't', metaField: 'm' } });

    const reply = await client.run(database, { update: 'refused', updates: [statement] });

    assert.deepEqual(reply.writeErrors.map(({ code }) => code), [72]);
  });
}

test('An update of meta moves its measurements', async () => {
  await create('meta', [{ key: { 'm.device': 1 }, name: 'device' }]);
  await client.run(database, { insert: 'meta', documents: [{ _id: 1, t: at(0), m: { device: 'a' } }, { _id: 2, t: at(90), m: { device: 'a' } }, { _id: 3, t: at(0), m: { device: 'b' } }] });

  const reply = await client.run(database, { update: 'meta', updates: [{ q: { 'm.device': 'a' }, u: { $set: { 'm.device': 'c', 'm.zone': 1 } }, multi: true }] });

  assert.deepEqual([reply.n, reply.nModified], [2, 2]);
  assert.deepEqual(await client.all(database, { find: 'meta', filter: { 'm.device': 'a' } }), []);
  assert.deepEqual((await client.all(database, { find: 'meta', filter: { 'm.device': 'c' }, sort: { _id: 1 } })).map(({ _id, m }) => [_id, m]), [[1, { device: 'c', zone: 1 }], [2, { device: 'c', zone: 1 }]]);
});

test('A delete is by meta, and of all', { skip: isReal && 'later releases allow more' }, async () => {
  await create('deletes');
  await client.run(database, { insert: 'deletes', documents: measurements(3, 4) });

  const one = await client.run(database, { delete: 'deletes', deletes: [{ q: { 'm.device': 'd1' }, limit: 1 }] });
  const byTime = await client.run(database, { delete: 'deletes', deletes: [{ q: { t: at(0) }, limit: 0 }] });
  const byDevice = await client.run(database, { delete: 'deletes', deletes: [{ q: { 'm.device': 'd1' }, limit: 0 }] });

  assert.deepEqual([one.writeErrors[0].code, byTime.writeErrors[0].code], [20, 72]);
  assert.equal(byDevice.writeErrors, undefined);
  assert.equal((await client.run(database, { count: 'deletes' })).n, 8);
});

test('Indexes that a time series cannot have are refused', async () => {
  await create('indexes');
  const index = spec => client.command(database, { createIndexes: 'indexes', indexes: [{ name: 'x', ...spec }] });

  assert.equal((await index({ key: { 'm.device': 1 }, unique: true })).ok, 0);
  assert.equal((await index({ key: { t: 1, 'm.device': -1 } })).ok, 1);
});

test('Options that make no sense are refused', async () => {
  const make = (timeseries, rest) => client.command(database, { create: 'wrong', timeseries, ...rest });

  assert.equal((await make({ timeField: 't', bogus: 1 })).code, 40415);
  assert.equal((await make({ timeField: 't', metaField: 't' })).code, 72);
  assert.equal((await make({ timeField: 't', metaField: '_id' })).code, 72);
  assert.equal((await make({ timeField: 'a.b' })).code, 72);
  assert.equal((await make({ timeField: 't' }, { expireAfterSeconds: -1 })).code, 72);
});
