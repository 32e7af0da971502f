// What updates make of documents.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Double, Int32, Long } from 'bson';
import { uniqueDatabase, useServer } from './support/servers.mjs';

const database = uniqueDatabase('updates');
let server;
let client;
let typed;
let number = 0;

before(async () => {
  server = await useServer();
  client = await server.connect();
  typed = await server.connect({ typed: true });
});

after(async () => {
  await client.command(database, { dropDatabase: 1 });
  await server.close();
});

/** What an update makes of a document (given without `_id`). */
async function updated(document, u, by = client) {
  const _id = number++;
  await client.run(database, { insert: 'c', documents: [{ _id, ...document }] });
  const reply = await client.run(database, { update: 'c', updates: [{ q: { _id }, u }] });
  if (reply.writeErrors !== undefined) return { code: reply.writeErrors[0].code };
  const [{ _id: same, ...rest }] = await by.all(database, { find: 'c', filter: { _id } });
  assert.equal(Number(same), _id);
  return rest;
}

const rows = [
  [{ a: 1 }, { $set: { a: 2, 'b.c': 3 } }, { a: 2, b: { c: 3 } }],
  [{ a: 1, b: 2 }, { $unset: { a: '', x: '' } }, { b: 2 }],
  [{ a: { b: 1, c: 2 } }, { $unset: { 'a.b': 1 } }, { a: { c: 2 } }],
  [{ a: 1 }, { $inc: { a: 2, b: 5, 'c.d': 1 } }, { a: 3, b: 5, c: { d: 1 } }],
  [{ a: 3 }, { $mul: { a: 4, b: 2 } }, { a: 12, b: 0 }],
  [{ a: 3 }, { $min: { a: 2, b: 1 }, $max: { c: 4 } }, { a: 2, b: 1, c: 4 }],
  [{ a: 3 }, { $min: { a: 5 } }, { a: 3 }],
  [{ a: 'x' }, { $min: { a: 5 } }, { a: 5 }],
  [{ a: 5 }, { $max: { a: new Date(1) } }, { a: new Date(1) }],
  [{ a: [1] }, { $push: { a: 2, b: 'x' } }, { a: [1, 2], b: ['x'] }],
  [{ a: [1] }, { $push: { a: { $each: [2, 3, 4], $slice: -3 } } }, { a: [2, 3, 4] }],
  [{ a: [1] }, { $push: { a: { $each: [9], $position: 0 } } }, { a: [9, 1] }],
  [{ a: [3, 1] }, { $push: { a: { $each: [2], $sort: 1 } } }, { a: [1, 2, 3] }],
  [{ a: [1, { x: 1 }] }, { $addToSet: { a: { $each: [1, 2, { x: 1 }, { x: 2 }] } } }, { a: [1, { x: 1 }, 2, { x: 2 }] }],
  [{ a: [1, 2, 3, 2] }, { $pull: { a: 2 } }, { a: [1, 3] }],
  [{ a: [1, 5, 9] }, { $pull: { a: { $gt: 3 } } }, { a: [1] }],
  [{ a: [{ x: 1, y: 1 }, { x: 2 }] }, { $pull: { a: { x: 1 } } }, { a: [{ x: 2 }] }],
  [{ a: [1, 2, 3] }, { $pullAll: { a: [1, 3] } }, { a: [2] }],
  [{ a: [1, 2, 3] }, { $pop: { a: 1 } }, { a: [1, 2] }],
  [{ a: [1, 2, 3] }, { $pop: { a: -1 } }, { a: [2, 3] }],
  [{ a: 1, b: 2 }, { $rename: { a: 'c' } }, { b: 2, c: 1 }],
  [{ a: { x: 1 }, b: 2 }, { $rename: { 'a.x': 'y', none: 'z' } }, { a: {}, b: 2, y: 1 }],
  [{ a: [1, 2] }, { $set: { 'a.1': 9, 'a.3': 8 } }, { a: [1, 9, null, 8] }],
  [{ a: [{ b: 1 }] }, { $inc: { 'a.0.b': 1 } }, { a: [{ b: 2 }] }],
  [{ a: 1 }, { $setOnInsert: { b: 1 }, $set: { c: 1 } }, { a: 1, c: 1 }],
  [{ a: 1 }, { b: 2 }, { b: 2 }],
  [{ a: 1 }, [{ $set: { b: { $add: ['$a', 1] } } }, { $unset: 'a' }], { b: 2 }],
  [{ a: 1, b: 2 }, [{ $project: { b: 1 } }], { b: 2 }],
  [{ a: { b: 1 } }, [{ $replaceWith: { $mergeObjects: ['$a', { c: 2 }] } }], { b: 1, c: 2 }],
];

for (const [document, u, expected] of rows) {
  test(`${JSON.stringify(document)} with ${JSON.stringify(u)}`, async () => {
    assert.deepEqual(await updated(document, u), expected);
  });
}

const refused = [
  [{ a: 'x' }, { $inc: { a: 1 } }, 14],
  [{ a: 1 }, { $inc: { a: 'x' } }, 14],
  [{ a: 1 }, { $push: { a: 1 } }, 2],
  [{ a: 1 }, { $set: { 'a.b': 1 } }, 28],
  [{ a: 1 }, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
  [{ a: 1 }, { $set: { a: 1, 'a.b': 1 } }, 40],
  [{ a: 1 }, { $bogus: { a: 1 } }, 9],
  [{ a: 1 }, { $set: { _id: 'other' } }, 66],
  [{ a: 1 }, { _id: 'other', a: 1 }, 66],
  [{ a: 1 }, { $set: { '': 1 } }, 56],
  [{ a: 1 }, { $set: { 'a..b': 1 } }, 56],
  [{ a: 1 }, [{ $group: { _id: 1 } }], 72],
  [{ a: Long.MAX_VALUE }, { $inc: { a: 1 } }, 2],
];

for (const [document, u, code] of refused) {
  test(`${JSON.stringify(document)} with ${JSON.stringify(u)} is refused with ${code}`, async () => {
    assert.deepEqual(await updated(document, u), { code });
  });
}

test('Numbers keep their types, and grow only when they must', async () => {
  const changed = await updated(
    { i: new Int32(1), big: new Int32(2147483647), l: Long.fromNumber(5), d: new Double(2) },
    { $inc: { i: 1, big: 1, l: 1, d: 1, fresh: Long.fromNumber(1) }, $mul: {} }, typed,
  );
  const mixed = await updated({ i: new Int32(1), l: Long.fromNumber(5) }, { $inc: { i: new Double(1), l: new Double(0.5) } }, typed);

  assert.deepEqual(changed, { i: new Int32(2), big: Long.fromNumber(2147483648), l: Long.fromNumber(6), d: new Double(3), fresh: Long.fromNumber(1) });
  assert.deepEqual(mixed, { i: new Double(2), l: new Double(5.5) });
});

test('$currentDate sets the time', async () => {
  const { at } = await updated({}, { $currentDate: { at: true } });

  assert.ok(Math.abs(at.getTime() - Date.now()) < 60_000);
});

test('An upsert begins with what its filter says', async () => {
  const reply = await client.run(database, {
    update: 'upserts',
    updates: [{ q: { _id: { a: 1, b: 'x' }, 'sub.k': 2, $and: [{ v: 3 }], n: { $gt: 5 } }, u: { $set: { z: 1 }, $setOnInsert: { s: true } }, upsert: true }],
  });

  assert.deepEqual(reply.upserted, [{ index: 0, _id: { a: 1, b: 'x' } }]);
  assert.deepEqual(await client.all(database, { find: 'upserts' }), [{ _id: { a: 1, b: 'x' }, sub: { k: 2 }, v: 3, s: true, z: 1 }]);
});

test('An upsert without an _id gets one', async () => {
  const reply = await client.run(database, { update: 'made', updates: [{ q: { k: 1 }, u: { $set: { v: 1 } }, upsert: true }] });

  assert.equal(reply.upserted[0]._id._bsontype, 'ObjectId');
});

test('Compound _ids are equal whatever types their numbers have, but not in another order', async () => {
  await client.run(database, { insert: 'ids', documents: [{ _id: { p: new Int32(1), t: 'a' } }] });
  const find = async _id => (await client.all(database, { find: 'ids', filter: { _id } })).length;

  assert.equal(await find({ p: Long.fromNumber(1), t: 'a' }), 1);
  assert.equal(await find({ p: new Double(1), t: 'a' }), 1);
  assert.equal(await find({ t: 'a', p: 1 }), 0);
  const again = await client.run(database, { insert: 'ids', documents: [{ _id: { p: new Double(1), t: 'a' } }] });
  assert.equal(again.writeErrors[0].code, 11000);
});

test('What changes nothing is matched, not modified', async () => {
  await client.run(database, { insert: 'same', documents: [{ _id: 1, a: 1 }] });

  const reply = await client.run(database, { update: 'same', updates: [{ q: { _id: 1 }, u: { $set: { a: 1 }, $inc: { a2: 0 } } }, { q: { _id: 1 }, u: { $set: { a: 1 }, $inc: { a2: 0 } } }] });

  assert.deepEqual([reply.n, reply.nModified], [2, 1]);
});

test('Of many, all are updated or the first', async () => {
  await client.run(database, { insert: 'many', documents: [1, 2, 3].map(_id => ({ _id })) });

  const one = await client.run(database, { update: 'many', updates: [{ q: {}, u: { $set: { a: 1 } } }] });
  const all = await client.run(database, { update: 'many', updates: [{ q: {}, u: { $set: { b: 1 } }, multi: true }] });

  assert.deepEqual([one.n, all.n], [1, 3]);
});

test('findAndModify sorts, upserts, removes, and gives the old or the new', async () => {
  await client.run(database, { insert: 'fam', documents: [{ _id: 1, n: 5 }, { _id: 2, n: 9 }] });
  const fam = body => client.run(database, { findAndModify: 'fam', ...body });

  const old = await fam({ query: {}, sort: { n: -1 }, update: { $inc: { n: 1 } } });
  const made = await fam({ query: { _id: 3 }, update: { $set: { n: 0 } }, upsert: true, new: true });
  const unseen = await fam({ query: { _id: 4 }, update: { $set: { n: 0 } }, upsert: true });
  const removed = await fam({ query: { n: 5 }, remove: true });
  const both = await client.command(database, { findAndModify: 'fam', query: {}, remove: true, update: {} });

  assert.deepEqual(old.value, { _id: 2, n: 9 });
  assert.deepEqual([made.value, made.lastErrorObject], [{ _id: 3, n: 0 }, { n: 1, updatedExisting: false, upserted: 3 }]);
  assert.equal(unseen.value, null);
  assert.deepEqual(removed.value, { _id: 1, n: 5 });
  assert.equal(both.code, 9);
});
