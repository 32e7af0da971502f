import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { Session } from './support/client.mjs';
import { uniqueDatabase, useServer } from './support/servers.mjs';

const database = uniqueDatabase('failpoints');
let server;
let client;

before(async () => {
  server = await useServer();
  client = await server.connect();
});

afterEach(() => client.run('admin', { configureFailPoint: 'failCommand', mode: 'off' }));

after(async () => {
  await client.command(database, { dropDatabase: 1 });
  await server.close();
});

function failCommand(mode, data) {
  return client.run('admin', { configureFailPoint: 'failCommand', mode, data });
}

async function outcomes(count, command) {
  const codes = [];
  for (let i = 0; i < count; i++) codes.push((await client.command(database, command)).code ?? 0);
  return codes;
}

test('times fails so many commands, and others not at all', async () => {
  await failCommand({ times: 2 }, { failCommands: ['find'], errorCode: 91 });

  const other = await outcomes(1, { count: 'c' });
  const found = await outcomes(4, { find: 'c' });

  assert.deepEqual(other, [0]);
  assert.deepEqual(found, [91, 91, 0, 0]);
});

test('skip lets so many pass, alwaysOn none, off all', async () => {
  await failCommand({ skip: 2 }, { failCommands: ['find'], errorCode: 91 });
  const skipped = await outcomes(4, { find: 'c' });
  await failCommand('alwaysOn', { failCommands: ['find'], errorCode: 91 });
  const always = await outcomes(3, { find: 'c' });
  await failCommand('off');
  const off = await outcomes(2, { find: 'c' });

  assert.deepEqual(skipped, [0, 0, 91, 91]);
  assert.deepEqual(always, [91, 91, 91]);
  assert.deepEqual(off, [0, 0]);
});

test('A commit that fails has not been done, and can be sent again', async () => {
  const session = new Session();
  await client.command(database, { create: 'commits' });
  await client.run(database, { insert: 'commits', documents: [{ _id: 1 }], ...session.start() });
  await failCommand({ times: 1 }, { failCommands: ['commitTransaction'], errorCode: 91 });

  const failed = await session.commit(client);
  const before = await client.all(database, { find: 'commits' });
  const again = await session.commit(client);

  assert.equal(failed.code, 91);
  assert.deepEqual(failed.errorLabels, ['RetryableWriteError']);
  assert.deepEqual(before, []);
  assert.equal(again.ok, 1);
  assert.deepEqual(await client.all(database, { find: 'commits' }), [{ _id: 1 }]);
});

test('A commit whose write concern fails has been done', async () => {
  const session = new Session();
  await client.command(database, { create: 'concerns' });
  await client.run(database, { insert: 'concerns', documents: [{ _id: 1 }], ...session.start() });
  await failCommand({ times: 1 }, { failCommands: ['commitTransaction'], writeConcernError: { code: 91, errmsg: 'shutting down' } });

  const reply = await session.commit(client);

  assert.equal(reply.ok, 1);
  assert.equal(reply.writeConcernError.code, 91);
  assert.deepEqual(reply.errorLabels, ['RetryableWriteError']);
  assert.deepEqual(await client.all(database, { find: 'concerns' }), [{ _id: 1 }]);
});

test('Labels come as the error and the session make them, or as they are set', async () => {
  const session = new Session();
  await failCommand('alwaysOn', { failCommands: ['insert'], errorCode: 10107 });
  const plain = await client.command(database, { insert: 'labels', documents: [{}] });
  const retryable = await client.command(database, { insert: 'labels', documents: [{}], ...session.retryable() });
  const inTransaction = await client.command(database, { insert: 'labels', documents: [{}], ...session.start() });
  await failCommand('alwaysOn', { failCommands: ['insert'], errorCode: 10107, errorLabels: ['Mine'] });
  const set = await client.command(database, { insert: 'labels', documents: [{}] });

  assert.equal(plain.errorLabels, undefined);
  assert.deepEqual(retryable.errorLabels, ['RetryableWriteError']);
  assert.deepEqual(inTransaction.errorLabels, ['TransientTransactionError']);
  assert.deepEqual(set.errorLabels, ['Mine']);
});

test('A connection that is closed had its command not done', async () => {
  const doomed = await server.connect();
  await failCommand({ times: 1 }, { failCommands: ['insert'], closeConnection: true });

  await assert.rejects(doomed.command(database, { insert: 'closed', documents: [{ _id: 1 }] }), { closed: true });

  assert.equal((await client.run(database, { count: 'closed' })).n, 0);
});

test('A blocked command waits, and others do not', async () => {
  const blocked = await server.connect();
  await failCommand({ times: 1 }, { failCommands: ['insert'], blockConnection: true, blockTimeMS: 300 });

  const order = [];
  const insert = blocked.run(database, { insert: 'blocked', documents: [{ _id: 1 }] }).then(() => order.push('insert'));
  await client.run(database, { ping: 1 }).then(() => order.push('ping'));
  await insert;

  assert.deepEqual(order, ['ping', 'insert']);
  assert.equal((await client.run(database, { count: 'blocked' })).n, 1);
});

test('A blocked command gives up when its time is over', async () => {
  await failCommand({ times: 1 }, { failCommands: ['insert'], blockConnection: true, blockTimeMS: 60_000 });

  const reply = await client.command(database, { insert: 'late', documents: [{ _id: 1 }], maxTimeMS: 50 });

  assert.equal(reply.code, 50);
  assert.equal((await client.run(database, { count: 'late' })).n, 0);
});

test('A fail point can be for one application', async () => {
  const named = await server.connect();
  await named.run('admin', { hello: 1, client: { application: { name: 'processor' }, driver: { name: 'test', version: '1' }, os: { type: 'Linux' } } });
  await failCommand('alwaysOn', { failCommands: ['find'], errorCode: 91, appName: 'processor' });

  const hit = await named.command(database, { find: 'c' });
  const missed = await client.command(database, { find: 'c' });

  assert.equal(hit.code, 91);
  assert.equal(missed.ok, 1);
});

test('Modes that make no sense are refused', async () => {
  for (const mode of ['sometimes', { times: -1 }, { often: 3 }, 5]) {
    const reply = await client.command('admin', { configureFailPoint: 'failCommand', mode, data: { failCommands: ['find'], errorCode: 1 } });
    assert.equal(reply.ok, 0, JSON.stringify(mode));
  }
  const unknown = await client.command('admin', { configureFailPoint: 'noSuchPoint', mode: 'off' });
  assert.equal(unknown.ok, 0);
});
