// Which documents a filter matches. Every row also holds on MongoDB.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BSONRegExp, Binary, Double, Int32, Long, MaxKey, MinKey, ObjectId } from 'bson';
import { uniqueDatabase, useServer } from './support/servers.mjs';

const database = uniqueDatabase('filters');
const id = new ObjectId();
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

const documents = [
  { _id: 1, a: 1, s: 'abc', d: new Date(1000), list: [1, 2, 3], sub: { x: 1, y: [{ z: 1 }, { z: 5 }] } },
  { _id: 2, a: new Double(2.5), s: 'ABC', d: new Date(2000), list: [], sub: { x: 2 } },
  { _id: 3, a: Long.fromString('9007199254740993'), s: 'xyz', list: [[1, 2], 5], sub: null },
  { _id: 4, a: null, o: id, b: true },
  { _id: 5, a: NaN, u: new Binary(Buffer.alloc(16, 7), 4), b: false, days: [{ at: new Date(50) }, { at: new Date(500) }] },
  { _id: 6, a: 'text', list: [{ k: 1, v: 'p' }, { k: 2, v: 'q' }] },
  { _id: 7, a: [1, 'text'], n: new Int32(7) },
];

const rows = [
  [{}, [1, 2, 3, 4, 5, 6, 7]],
  [{ a: 1 }, [1, 7]],
  [{ a: new Double(1) }, [1, 7]],
  [{ a: Long.fromNumber(1) }, [1, 7]],
  [{ a: { $gt: 1 } }, [2, 3]],
  [{ a: { $gte: 1, $lt: 3 } }, [1, 2, 7]],
  [{ a: Long.fromString('9007199254740993') }, [3]],
  [{ a: new Double(9007199254740992) }, []],
  [{ a: NaN }, [5]],
  [{ a: { $gte: NaN } }, [5]],
  [{ a: { $lt: 100 } }, [1, 2, 7]],
  [{ a: null }, [4]],
  [{ o: null }, [1, 2, 3, 5, 6, 7]],
  [{ a: { $ne: null } }, [1, 2, 3, 5, 6, 7]],
  [{ a: { $in: [1, 'text', null] } }, [1, 4, 6, 7]],
  [{ a: { $nin: [1, 'text'] } }, [2, 3, 4, 5]],
  [{ a: { $type: 'string' } }, [6, 7]],
  [{ a: { $type: 'number' } }, [1, 2, 3, 5, 7]],
  [{ a: { $type: 'array' } }, [7]],
  [{ a: { $exists: false } }, []],
  [{ b: { $exists: true } }, [4, 5]],
  [{ b: { $exists: false }, n: { $exists: true } }, [7]],
  [{ b: true }, [4]],
  [{ o: id }, [4]],
  [{ u: new Binary(Buffer.alloc(16, 7), 4) }, [5]],
  [{ u: new Binary(Buffer.alloc(16, 7), 0) }, []],
  [{ d: { $gt: new Date(1000) } }, [2]],
  [{ d: { $gt: 0 } }, []],
  [{ s: /^a/i }, [1, 2]],
  [{ s: { $regex: '^AB' } }, [2]],
  [{ s: { $regex: '^ab', $options: 'i' } }, [1, 2]],
  [{ s: { $in: [/z$/, 'abc'] } }, [1, 3]],
  [{ s: { $not: /^a/ } }, [2, 3, 4, 5, 6, 7]],
  [{ s: new BSONRegExp('B', 'i') }, [1, 2]],
  [{ list: 2 }, [1]],
  [{ list: [1, 2] }, [3]],
  [{ list: [1, 2, 3] }, [1]],
  [{ list: { $size: 0 } }, [2]],
  [{ list: { $size: 2 } }, [3, 6]],
  [{ list: { $all: [1, 3] } }, [1]],
  [{ list: { $elemMatch: { $gt: 2, $lt: 4 } } }, [1]],
  [{ list: { $elemMatch: { k: 2, v: 'q' } } }, [6]],
  [{ list: { $elemMatch: { k: 1, v: 'q' } } }, []],
  [{ 'list.k': 2 }, [6]],
  [{ 'list.0': 1 }, [1]],
  [{ 'list.1.k': 2 }, [6]],
  [{ 'sub.x': 1 }, [1]],
  [{ 'sub.y.z': 5 }, [1]],
  [{ 'sub.y.z': { $gt: 1, $lt: 5 } }, [1]],
  [{ 'sub.y': { $elemMatch: { z: { $gt: 1, $lt: 5 } } } }, []],
  [{ sub: { x: 2 } }, [2]],
  [{ sub: { x: new Double(2) } }, [2]],
  [{ sub: { x: 1 } }, []],
  [{ n: { $mod: [4, 3] } }, [7]],
  [{ $or: [{ _id: 1 }, { b: true }] }, [1, 4]],
  [{ $and: [{ a: { $gt: 0 } }, { a: { $lt: 2 } }] }, [1, 7]],
  [{ $nor: [{ _id: { $lt: 6 } }] }, [6, 7]],
  [{ _id: { $not: { $gt: 2 } } }, [1, 2]],
  [{ _id: { $in: [7, 1, 1, 99] } }, [1, 7]],
  [{ _id: 3, s: 'abc' }, []],
  [{ _id: { $in: [/x/, 2] } }, [2]],
  [{ s: { $eq: /a/ } }, []],
  [{ s: { $in: [/^a/] } }, [1]],
  [{ $expr: { $gt: ['$sub.x', '$a'] } }, []],
  [{ $expr: { $eq: ['$_id', 4] } }, [4]],
  [{ a: { $gt: new MinKey() } }, [1, 2, 3, 4, 5, 6, 7]],
  [{ a: { $lt: new MaxKey() }, b: { $exists: true } }, [4, 5]],
  [{ $comment: 'nothing', _id: 1 }, [1]],
  [{ 'list.k': null }, [4, 5, 7]],
  [{ 'list.0.k': 1 }, [6]],
  [{ 'days.at': { $lt: new Date(100) } }, [5]],
];

test('Filters match what they should, with and without indexes', async context => {
  await client.run(database, { insert: 'plain', documents });
  await client.run(database, { insert: 'indexed', documents });
  await client.run(database, {
    createIndexes: 'indexed',
    indexes: ['a', 's', 'list', 'sub.x', 'o', 'list.k'].map(path => ({ key: { [path]: 1 }, name: path })).concat(
      ['d', 'days.at'].map(path => ({ key: { [path]: 1 }, name: `${path}_ttl`, expireAfterSeconds: 2_000_000_000 })), { key: { 'list.0.k': 1 }, name: 'place' },
    ),
  });
  for (const [filter, expected] of rows) {
    await context.test(JSON.stringify(filter), async () => {
      for (const collection of ['plain', 'indexed']) {
        const found = await client.all(database, { find: collection, filter, sort: { _id: 1 } });
        assert.deepEqual(found.map(({ _id }) => _id), expected, collection);
      }
      const matched = await client.all(database, { aggregate: 'plain', pipeline: [{ $limit: 100 }, { $match: filter }, { $sort: { _id: 1 } }], cursor: {} });
      assert.deepEqual(matched.map(({ _id }) => _id), expected, '$match after another stage');
    });
  }
});

test('Wrong filters are refused', async () => {
  const wrong = [[{ a: { $in: 1 } }, 2], [{ $or: [] }, 2], [{ $or: {} }, 2], [{ a: { $near: 1 } }, 2], [{ $bogus: 1 }, 2], [{ a: { $size: 'x' } }, undefined], [{ a: { $regex: '(' } }, 51091],
    [{ a: { $mod: [0, 1] } }, 2], [{ a: { $elemMatch: 1 } }, 2], [{ a: { $options: 'i' } }, 2], [{ s: { $ne: /a/ } }, 2]];
  for (const [filter, code] of wrong) {
    const reply = await client.command(database, { find: 'plain', filter });
    assert.equal(reply.ok, 0, JSON.stringify(filter));
    if (code !== undefined) assert.equal(reply.code, code, JSON.stringify(filter));
  }
});

test('Values of all types sort in one order', async () => {
  const values = [new MinKey(), null, -Infinity, new Double(-1.5), 0, Long.fromNumber(3), 'A', 'a', { a: 1 }, { a: 2 }, new Binary(Buffer.from([1]), 0),
    new Binary(Buffer.from([1, 2]), 0), id, false, true, new Date(-1000), new Date(5), new BSONRegExp('x', ''), new MaxKey()];
  await client.run(database, { insert: 'order', documents: values.map((v, i) => ({ _id: i, v })).reverse() });

  const up = await client.all(database, { find: 'order', sort: { v: 1 } });
  const down = await client.all(database, { find: 'order', sort: { v: -1 } });

  assert.deepEqual(up.map(({ _id }) => _id), values.map((_, i) => i));
  assert.deepEqual(down.map(({ _id }) => _id), values.map((_, i) => i).reverse());
});

test('A sort is by several keys, and an array sorts by its least or greatest', async () => {
  await client.run(database, { insert: 'keys', documents: [{ _id: 1, a: [5, 1], b: 2 }, { _id: 2, a: [2, 3], b: 1 }, { _id: 3, a: 1, b: 1 }, { _id: 4, b: 9 }] });

  const up = await client.all(database, { find: 'keys', sort: { a: 1, b: 1 } });
  const down = await client.all(database, { find: 'keys', sort: { a: -1 } });

  assert.deepEqual(up.map(({ _id }) => _id), [4, 3, 1, 2]);
  assert.deepEqual(down.map(({ _id }) => _id), [1, 2, 3, 4]);
});

test('Projections include, exclude and compute', async () => {
  const document = { _id: 1, a: 1, b: { c: 2, d: [{ e: 3, f: 4 }, 5] }, g: 6 };
  await client.run(database, { insert: 'projected', documents: [document] });
  const project = async projection => (await client.all(database, { find: 'projected', projection }))[0];

  assert.deepEqual(await project({ a: 1 }), { _id: 1, a: 1 });
  assert.deepEqual(await project({ _id: 0, 'b.d.e': 1 }), { b: { d: [{ e: 3 }] } });
  assert.deepEqual(await project({ b: 0, g: 0 }), { _id: 1, a: 1 });
  assert.deepEqual(await project({ 'b.d.f': 0, _id: 0 }), { a: 1, b: { c: 2, d: [{ e: 3 }, 5] }, g: 6 });
  assert.deepEqual(await project({ sum: { $add: ['$a', '$g'] }, _id: 0 }), { sum: 7 });
  const mixed = await client.command(database, { find: 'projected', projection: { a: 1, b: 0 } });
  assert.equal(mixed.code, 31254);
});
