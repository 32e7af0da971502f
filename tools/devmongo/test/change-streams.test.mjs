// Change streams of a collection, after MongoDB's manual (Change Streams, Change Events, $changeStream) and its drivers' specification.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Timestamp } from 'bson';
import { Session } from './support/client.mjs';
import { uniqueDatabase, useServer } from './support/servers.mjs';

const database = uniqueDatabase('changes');
let server;
let client;
let watcher;
let count = 0;
let name;

before(async () => {
  server = await useServer();
  client = await server.connect();
  watcher = await server.connect();
});

beforeEach(async () => {
  name = `c${++count}`;
  await client.run(database, { create: name });
});

after(async () => {
  await client.command(database, { dropDatabase: 1 });
  await server.close();
});

async function open(options = {}, pipeline = []) {
  return (await watcher.run(database, { aggregate: name, pipeline: [{ $changeStream: options }, ...pipeline], cursor: {} })).cursor;
}

function more({ id }, fields = {}) {
  return watcher.command(database, { getMore: id, collection: name, maxTimeMS: 10_000, ...fields });
}

/** Reads on until so many events have come. */
async function events(cursor, wanted) {
  const all = [...cursor.firstBatch];
  while (all.length < wanted) {
    const reply = await more(cursor);
    assert.equal(Number(reply.ok), 1, reply.errmsg);
    all.push(...reply.cursor.nextBatch);
  }
  return all;
}

function insert(...documents) {
  return client.run(database, { insert: name, documents });
}

test('A stream opens empty, stays open, and says where it stands', async () => {
  const cursor = await open();
  const { cursor: next } = await more(cursor, { maxTimeMS: 1 });

  assert.deepEqual(Object.keys(cursor), ['firstBatch', 'postBatchResumeToken', 'id', 'ns']);
  assert.deepEqual(cursor.firstBatch, []);
  assert.equal(typeof cursor.postBatchResumeToken._data, 'string');
  assert.notEqual(cursor.id.toString(), '0');
  assert.equal(cursor.ns, `${database}.${name}`);
  assert.deepEqual(Object.keys(next), ['nextBatch', 'postBatchResumeToken', 'id', 'ns']);
  assert.deepEqual(next.nextBatch, []);
  assert.equal(next.id.toString(), cursor.id.toString());
});

test('An insert comes with the document, as soon as it is there', async () => {
  const cursor = await open();
  const waiting = more(cursor);

  await insert({ _id: 1, text: 'x' });
  const { cursor: { nextBatch: [event] } } = await waiting;

  assert.deepEqual(Object.keys(event), ['_id', 'operationType', 'clusterTime', 'fullDocument', 'ns', 'documentKey']);
  assert.equal(typeof event._id._data, 'string');
  assert.equal(event.operationType, 'insert');
  assert.ok(event.clusterTime instanceof Timestamp);
  assert.deepEqual(event.fullDocument, { _id: 1, text: 'x' });
  assert.deepEqual(event.ns, { db: database, coll: name });
  assert.deepEqual(event.documentKey, { _id: 1 });
});

test('What was there before a stream does not come', async () => {
  await insert({ _id: 1 });
  const cursor = await open();

  await insert({ _id: 2 });

  assert.deepEqual((await events(cursor, 1)).map(event => event.documentKey._id), [2]);
});

test('An update tells which fields it changed, and the document as it is by now if that is asked for', async () => {
  await insert({ _id: 1, kept: 1, changed: 1, removed: 1, inner: { a: 1, b: 2 } });
  const plain = await open();
  const full = await open({ fullDocument: 'updateLookup' });

  await client.run(database, {
    update: name, updates: [{ q: { _id: 1 }, u: { $set: { changed: 2, 'inner.a': 3 }, $unset: { removed: 1 } } }],
  });
  const [event] = await events(plain, 1);
  const [detailed] = await events(full, 1);

  assert.equal(event.operationType, 'update');
  assert.equal(event.fullDocument, undefined);
  assert.deepEqual(event.updateDescription, { updatedFields: { changed: 2, 'inner.a': 3 }, removedFields: ['removed'], truncatedArrays: [] });
  assert.deepEqual(detailed.fullDocument, { _id: 1, kept: 1, changed: 2, inner: { a: 3, b: 2 } });
});

test('A replacement comes with the document, a deletion with its key alone, and what changes nothing does not come', async () => {
  await insert({ _id: 1, v: 1 });
  const cursor = await open();

  await client.run(database, { update: name, updates: [{ q: { _id: 1 }, u: { $set: { v: 1 } } }, { q: { _id: 1 }, u: { v: 2 } }] });
  await client.run(database, { delete: name, deletes: [{ q: { _id: 1 }, limit: 1 }] });
  const [replaced, deleted] = await events(cursor, 2);

  assert.equal(replaced.operationType, 'replace');
  assert.deepEqual(replaced.fullDocument, { _id: 1, v: 2 });
  assert.equal(deleted.operationType, 'delete');
  assert.deepEqual(Object.keys(deleted), ['_id', 'operationType', 'clusterTime', 'ns', 'documentKey']);
});

test('A transaction comes when it commits, in its order, with its session', async () => {
  const session = new Session();
  const cursor = await open();

  await client.run(database, { insert: name, documents: [{ _id: 1 }], ...session.start() });
  await insert({ _id: 'outside' });
  await client.run(database, { update: name, updates: [{ q: { _id: 1 }, u: { $set: { v: 1 } } }], ...session.next() });
  await client.run(database, { insert: name, documents: [{ _id: 2 }], ...session.next() });
  await session.commit(client);
  const seen = await events(cursor, 4);

  assert.deepEqual(seen.map(event => [event.operationType, event.documentKey._id]), [['insert', 'outside'], ['insert', 1], ['update', 1], ['insert', 2]]);
  assert.equal(seen[0].lsid, undefined);
  assert.equal(seen[1].lsid.id.toString('hex'), session.lsid.id.toString('hex'));
  assert.equal(seen[1].txnNumber.toString(), '1');
  assert.deepEqual(seen[1].clusterTime, seen[3].clusterTime);
});

test('A transaction that is aborted never comes', async () => {
  const session = new Session();
  const cursor = await open();

  await client.run(database, { insert: name, documents: [{ _id: 1 }], ...session.start() });
  await session.abort(client);
  await insert({ _id: 2 });

  assert.deepEqual((await events(cursor, 1)).map(event => event.documentKey._id), [2]);
});

test('A stream goes on after the event, or the batch, that its token is of', async () => {
  const cursor = await open();
  await insert({ _id: 1 }, { _id: 2 }, { _id: 3 });
  const seen = await events(cursor, 3);
  const { cursor: { postBatchResumeToken } } = await more(cursor, { maxTimeMS: 1 });

  const afterFirst = await open({ resumeAfter: seen[0]._id });
  const alsoAfterFirst = await open({ startAfter: seen[0]._id });
  const afterAll = await open({ resumeAfter: postBatchResumeToken });
  const fromTime = await open({ startAtOperationTime: seen[0].clusterTime });
  await insert({ _id: 4 });

  assert.deepEqual((await events(afterFirst, 3)).map(event => event.documentKey._id), [2, 3, 4]);
  assert.deepEqual((await events(alsoAfterFirst, 3)).map(event => event.documentKey._id), [2, 3, 4]);
  assert.deepEqual((await events(afterAll, 1)).map(event => event.documentKey._id), [4]);
  assert.deepEqual((await events(fromTime, 4)).map(event => event.documentKey._id), [1, 2, 3, 4]);
});

test('Events pass the stages that follow', async () => {
  const cursor = await open({}, [
    { $match: { operationType: 'insert', 'fullDocument.v': { $gt: 1 } } },
    { $project: { v: '$fullDocument.v' } },
  ]);

  await insert({ _id: 1, v: 1 }, { _id: 2, v: 2 });
  const [event] = await events(cursor, 1);

  assert.deepEqual(Object.keys(event), ['_id', 'v']);
  assert.equal(event.v, 2);
});

test('Tokens sort as their events do', async () => {
  const cursor = await open();
  await insert({ _id: 1 });
  await insert({ _id: 2 });

  const [first, second] = await events(cursor, 2);

  assert.ok(first._id._data < second._id._data);
});

test('Dropping the collection ends its streams', async () => {
  const cursor = await open();

  await client.run(database, { drop: name });
  const all = [];
  let reply;
  do {
    reply = await more(cursor);
    all.push(...reply.cursor.nextBatch);
  } while (reply.cursor.id.toString() !== '0');
  const again = await watcher.command(database, { aggregate: name, pipeline: [{ $changeStream: { resumeAfter: all[1]._id } }], cursor: {} });
  const anew = await open({ startAfter: all[1]._id });
  await insert({ _id: 1 });

  assert.deepEqual(all.map(event => event.operationType), ['drop', 'invalidate']);
  assert.deepEqual(Object.keys(all[0]), ['_id', 'operationType', 'clusterTime', 'ns']);
  assert.deepEqual(Object.keys(all[1]), ['_id', 'operationType', 'clusterTime']);
  assert.equal((await more(cursor)).code, 43);
  assert.equal(again.code, 260);
  assert.deepEqual((await events(anew, 1)).map(event => event.documentKey._id), [1]);
});

test('A stream of a collection that is not there waits for it', async () => {
  name = `${name}_later`;
  const cursor = await open();

  await insert({ _id: 1 });

  assert.deepEqual((await events(cursor, 1)).map(event => event.documentKey._id), [1]);
});

test('Killing a cursor ends the wait on it', async () => {
  const cursor = await open();
  const waiting = more(cursor, { maxTimeMS: 60_000 });

  let killed;
  do killed = await client.run(database, { killCursors: name, cursors: [cursor.id] }); while (killed.cursorsKilled.length === 0);

  assert.ok([43, 237].includes((await waiting).code));
  assert.equal((await more(cursor)).code, 43);
});

test('What cannot be watched, or not in that way, is refused', async () => {
  const session = new Session();
  const series = `${name}_series`;
  await client.run(database, { create: series, timeseries: { timeField: 't' } });
  const refuse = async (pipeline, fields = {}) => (await watcher.command(database, { aggregate: name, pipeline, cursor: {}, ...fields })).code;

  assert.equal(await refuse([{ $match: {} }, { $changeStream: {} }]), 40602);
  assert.equal(await refuse([{ $changeStream: 1 }]), 50808);
  assert.equal(await refuse([{ $changeStream: { other: 1 } }]), 40415);
  assert.equal(await refuse([{ $changeStream: {} }, { $group: { _id: 1 } }]), 20);
  assert.equal(await refuse([{ $changeStream: {} }], session.start()), 263);
  assert.equal(await refuse([{ $changeStream: {} }], { readConcern: { level: 'local' } }), 72);
  assert.equal(await refuse([{ $changeStream: {} }], { aggregate: series }), 166);
});

test('An event whose token the pipeline takes away ends the stream', async () => {
  const cursor = await open({}, [{ $project: { _id: 0 } }]);

  await insert({ _id: 1 });
  const reply = await more(cursor);

  assert.equal(reply.code, 280);
  assert.deepEqual(reply.errorLabels, ['NonResumableChangeStreamError']);
});
