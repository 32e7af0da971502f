// The stand-in answers as MongoDB does: the cases are commands in their order, with what a MongoDB 5.0 server replied.
// With IOTBUS_TEST_MONGODB they run against that server; messages and further fields may then differ.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Long } from 'bson';
import { basics, documents, failures, queries, transactions } from './conformance/index.mjs';
import { differences } from './conformance/matching.mjs';
import { CURSOR } from './conformance/vocabulary.mjs';
import { Session } from './support/client.mjs';
import { uniqueDatabase, useServer } from './support/servers.mjs';

const database = uniqueDatabase('conformance');
const sessions = new Map();
let server;
let client;
let cursor;

before(async () => {
  server = await useServer();
  client = await server.connect({ typed: true });
});

after(async () => {
  await (await server.connect()).command(database, { dropDatabase: 1 });
  await server.close();
});

function sessionOf(name) {
  if (!sessions.has(name)) sessions.set(name, new Session());
  return sessions.get(name);
}

/** The fields that put a case's command into its session. */
function sessionFields({ session, starts, within, number, autocommit }) {
  if (session === undefined) return {};
  if (number !== undefined) return { lsid: sessionOf(session).lsid, txnNumber: Long.fromNumber(number), ...autocommit === undefined ? {} : { autocommit } };
  if (starts) return sessionOf(session).start();
  return within ? sessionOf(session).next() : {};
}

/** Puts in the open cursor and this run's database. */
function prepared(value) {
  if (value === CURSOR) return cursor;
  if (typeof value === 'string') return value.replaceAll('conformance.', `${database}.`);
  if (Array.isArray(value)) return value.map(prepared);
  if (value?.constructor === Object) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, prepared(each)]));
  return value;
}

function expected(value) {
  if (value === CURSOR) return value;
  if (Array.isArray(value)) return value.map(expected);
  if (value?.constructor === Object) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, expected(each)]));
  return prepared(value);
}

async function afterwards(then) {
  if (then?.commit !== undefined) await sessionOf(then.commit).commit(client);
  if (then?.abort !== undefined) await sessionOf(then.abort).abort(client);
  if (then?.outside !== undefined) await client.command(database, then.outside);
}

async function runCase(one) {
  const command = { ...prepared(one.command), ...sessionFields(one) };
  if (one.closes) {
    await assert.rejects(client.command(one.db ?? database, command), { closed: true });
    client = await server.connect({ typed: true });
    return;
  }
  const reply = await client.command(one.db ?? database, command);
  await afterwards(one.then);
  if (one.varies !== undefined && server.isReal) return;
  const found = differences(reply, expected(one.reply), { strict: !server.isReal, remember: id => { cursor = id; } });
  assert.deepEqual(found, []);
}

for (const [scenario, cases] of Object.entries({ ...basics, insert: documents.insert, timeseries: documents.timeseries, ...queries, update: documents.update, ...transactions, ...failures })) {
  test(scenario, async context => {
    for (const one of cases) await context.test(one.title, () => runCase(one));
  });
}
