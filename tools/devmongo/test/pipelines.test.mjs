// Aggregation: results, and the types of numbers in them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Double, Int32, Long } from 'bson';
import { isReal, uniqueDatabase, useServer } from './support/servers.mjs';

const database = uniqueDatabase('pipelines');
const int = value => new Int32(value);
const double = value => new Double(value);
const long = value => Long.fromNumber(value);
const T = Date.UTC(2026, 0, 15, 10, 37, 5, 250);

let server;
let client;
let typed;

before(async () => {
  server = await useServer();
  client = await server.connect();
  typed = await server.connect({ typed: true });
  await client.run(database, {
    insert: 'c',
    documents: [
      { _id: 1, z: 'a', i: int(1), d: double(1.5), l: long(10), t: new Date(T), tags: ['x', 'y'], sub: { k: 1 } },
      { _id: 2, z: 'a', i: int(3), d: double(2.5), l: long(20), t: new Date(T + 3_600_000), tags: [], sub: { k: 2 } },
      { _id: 3, z: 'b', i: int(5), d: double(4), l: long(30), t: new Date(T + 86_400_000) },
    ],
  });
  await client.run(database, { insert: 'others', documents: [{ _id: 1, z: 'a', name: 'first' }, { _id: 2, z: 'c', name: 'second' }] });
});

after(async () => {
  await client.command(database, { dropDatabase: 1 });
  await server.close();
});

function run(pipeline, collection = 'c') {
  return typed.all(database, { aggregate: collection, pipeline, cursor: {} });
}

/** What an expression gives for the first document. */
async function evaluate(expression) {
  const [{ v }] = await run([{ $match: { _id: 1 } }, { $project: { _id: 0, v: expression } }]);
  return v;
}

test('Sums keep the widest type of what they add, averages are doubles', async () => {
  const [group] = await run([{ $group: { _id: null, i: { $sum: '$i' }, d: { $sum: '$d' }, l: { $sum: '$l' }, mixed: { $sum: { $add: ['$i', '$l'] } }, avg: { $avg: '$i' }, n: { $sum: 1 }, half: { $sum: 0.5 } } }]);

  assert.deepEqual(group, { _id: null, i: int(9), d: double(8), l: long(60), mixed: long(69), avg: double(3), n: int(3), half: double(1.5) });
});

test('Every accumulator', async () => {
  const [group] = await run([
    { $sort: { _id: 1 } },
    { $group: { _id: '$z', min: { $min: '$d' }, max: { $max: '$t' }, first: { $first: '$i' }, last: { $last: '$i' }, all: { $push: '$_id' }, set: { $addToSet: '$z' }, none: { $avg: '$nothing' }, count: { $count: {} }, merged: { $mergeObjects: '$sub' }, deviation: { $stdDevPop: '$i' } } },
    { $sort: { _id: 1 } },
  ]);

  assert.deepEqual(group, {
    _id: 'a', min: double(1.5), max: new Date(T + 3_600_000), first: int(1), last: int(3), all: [int(1), int(2)], set: ['a'], none: null, count: int(2), merged: { k: int(2) }, deviation: double(1),
  });
});

test('Stages one after the other', async () => {
  assert.deepEqual(await run([{ $count: 'n' }]), [{ n: int(3) }]);
  assert.deepEqual(await run([{ $sort: { i: -1 } }, { $skip: 1 }, { $limit: 1 }, { $project: { i: 1 } }]), [{ _id: int(2), i: int(3) }]);
  assert.deepEqual(await run([{ $unwind: '$tags' }, { $project: { tags: 1, _id: 0 } }]), [{ tags: 'x' }, { tags: 'y' }]);
  assert.deepEqual(await run([{ $unwind: { path: '$tags', preserveNullAndEmptyArrays: true } }, { $count: 'n' }]), [{ n: int(4) }]);
  assert.deepEqual(await run([{ $sortByCount: '$z' }]), [{ _id: 'a', count: int(2) }, { _id: 'b', count: int(1) }]);
  assert.deepEqual(await run([{ $bucket: { groupBy: '$i', boundaries: [0, 2, 4], default: 'more' } }]), [{ _id: int(0), count: int(1) }, { _id: int(2), count: int(1) }, { _id: 'more', count: int(1) }]);
  assert.deepEqual(await run([{ $match: { _id: 1 } }, { $replaceRoot: { newRoot: '$sub' } }]), [{ k: int(1) }]);
  assert.deepEqual(await run([{ $match: { _id: 1 } }, { $set: { 'sub.m': '$i', z: '$$REMOVE' } }, { $unset: ['tags', 't', 'd', 'l'] }]), [{ _id: int(1), i: int(1), sub: { k: int(1), m: int(1) } }]);
  assert.deepEqual(await run([{ $facet: { a: [{ $match: { z: 'a' } }, { $count: 'n' }], b: [{ $limit: 1 }, { $project: { _id: 1 } }] } }]), [{ a: [{ n: int(2) }], b: [{ _id: int(1) }] }]);
});

test('$lookup joins', async () => {
  const joined = await run([{ $sort: { _id: 1 } }, { $lookup: { from: 'others', localField: 'z', foreignField: 'z', as: 'found' } }, { $project: { 'found.name': 1 } }]);

  assert.deepEqual(joined, [{ _id: int(1), found: [{ name: 'first' }] }, { _id: int(2), found: [{ name: 'first' }] }, { _id: int(3), found: [] }]);
});

const expressions = [
  [{ $add: ['$i', 2] }, int(3)],
  [{ $add: ['$i', '$l'] }, long(11)],
  [{ $add: ['$i', '$d'] }, double(2.5)],
  [{ $add: [2147483647, 1] }, long(2147483648)],
  [{ $add: ['$t', 1000] }, new Date(T + 1000)],
  [{ $subtract: [new Date(T + 5), '$t'] }, long(5)],
  [{ $multiply: ['$d', 2] }, double(3)],
  [{ $divide: [6, 3] }, double(2)],
  [{ $mod: [7, 4] }, int(3)],
  [{ $round: [2.5] }, double(2)],
  [{ $round: [2.345, 1] }, double(2.3)],
  [{ $floor: '$d' }, double(1)],
  [{ $abs: -3 }, int(3)],
  [{ $sqrt: 16 }, double(4)],
  [{ $add: ['$i', null] }, null],
  [{ $add: ['$i', '$nothing'] }, null],
  [{ $cond: [{ $gt: ['$d', '$i'] }, 'yes', 'no'] }, 'yes'],
  [{ $ifNull: ['$nothing', '$also', 'default'] }, 'default'],
  [{ $switch: { branches: [{ case: { $eq: ['$i', 2] }, then: 'two' }, { case: { $eq: ['$i', 1] }, then: 'one' }], default: 'x' } }, 'one'],
  [{ $and: [1, true, '$z'] }, true],
  [{ $or: [0, null, false] }, false],
  [{ $not: [0] }, true],
  [{ $let: { vars: { a: '$i', b: 10 }, in: { $add: ['$$a', '$$b'] } } }, int(11)],
  [{ $map: { input: '$tags', as: 't', in: { $concat: ['$$t', '!'] } } }, ['x!', 'y!']],
  [{ $filter: { input: [1, 2, 3], cond: { $gt: ['$$this', 1] } } }, [int(2), int(3)]],
  [{ $reduce: { input: [1, 2, 3], initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, int(6)],
  [{ $size: '$tags' }, int(2)],
  [{ $arrayElemAt: ['$tags', -1] }, 'y'],
  [{ $slice: [[1, 2, 3], 1, 1] }, [int(2)]],
  [{ $in: ['x', '$tags'] }, true],
  [{ $concatArrays: ['$tags', ['z']] }, ['x', 'y', 'z']],
  [{ $max: ['$i', '$d', '$nothing'] }, double(1.5)],
  [{ $type: '$l' }, 'long'],
  [{ $toInt: '12' }, int(12)],
  [{ $toLong: '$t' }, long(T)],
  [{ $toDouble: '$i' }, double(1)],
  [{ $toString: 2.5 }, '2.5'],
  [{ $toDate: long(5) }, new Date(5)],
  [{ $mergeObjects: ['$sub', { m: 2 }] }, { k: int(1), m: int(2) }],
  [{ $objectToArray: '$sub' }, [{ k: 'k', v: int(1) }]],
  [{ $arrayToObject: [[['a', 1]]] }, { a: int(1) }],
  [{ $literal: '$i' }, '$i'],
  [{ $year: '$t' }, int(2026)],
  [{ $hour: '$t' }, int(10)],
  [{ $year: null }, null],
  [{ $dateTrunc: { date: '$t', unit: 'hour' } }, new Date(Date.UTC(2026, 0, 15, 10))],
  [{ $dateTrunc: { date: '$t', unit: 'minute', binSize: 15 } }, new Date(Date.UTC(2026, 0, 15, 10, 30))],
  [{ $dateTrunc: { date: '$t', unit: 'day' } }, new Date(Date.UTC(2026, 0, 15))],
  [{ $dateToString: { format: '%Y-%m-%dT%H:%M:%S', date: '$t' } }, '2026-01-15T10:37:05'],
  [{ $dateToString: { format: '%Y', date: '$nothing' } }, null],
  [{ $dateAdd: { startDate: '$t', unit: 'hour', amount: 2 } }, new Date(T + 7_200_000)],
  [{ $dateDiff: { startDate: '$t', endDate: new Date(T + 7_200_000), unit: 'hour' } }, long(2)],
  [{ $dateFromParts: { year: 2026, month: 2 } }, new Date(Date.UTC(2026, 1, 1))],
  [{ $concat: ['$z', '-', { $toUpper: '$z' }] }, 'a-A'],
  [{ $concat: ['$z', null] }, null],
  [{ $substrCP: ['hello', 1, 3] }, 'ell'],
  [{ $strLenCP: 'hello' }, int(5)],
  [{ $split: ['a,b', ','] }, ['a', 'b']],
  [{ $regexMatch: { input: 'hello', regex: '^h' } }, true],
  [{ $setUnion: [[1, 2], [2, 3]] }, [int(1), int(2), int(3)]],
  [{ $cmp: [1, 2] }, int(-1)],
  [{ a: '$i', b: { c: '$d' } }, { a: int(1), b: { c: double(1.5) } }],
  [['$i', '$nothing'], [int(1), null]],
];

for (const [expression, expected] of expressions) {
  test(JSON.stringify(expression), async () => {
    assert.deepEqual(await evaluate(expression), expected);
  });
}

test('Wrong pipelines are refused', async () => {
  const wrong = [
    [[{ $nosuch: 1 }], 40324], [[{ $project: { v: { $nosuch: 1 } } }], 31325], [[{ $group: { n: { $sum: 1 } } }], 15955], [[{ $group: { _id: 1, n: { $nosuch: 1 } } }], 15952],
    [[{ $limit: 0 }], 15958], [[{ $limit: -1 }], 15958], [[{ $project: {} }], 51272], [[{ $project: { v: { $divide: [1, 0] } } }], 2], [[{ $unwind: 'x' }], 28818], [[{ $count: '$x' }], 40156],
    [[{ $sort: { a: 2 } }], 15975], [[{}], 40323], [[{ $match: { a: { $bogus: 1 } } }], 2], [[{ $project: { v: '$$nosuch' } }], 17276],
  ];
  for (const [pipeline, code] of wrong) {
    const reply = await client.command(database, { aggregate: 'c', pipeline, cursor: {} });
    assert.equal(reply.code, code, JSON.stringify(pipeline));
  }
});

test('Stages that write are refused', { skip: isReal && 'MongoDB has them' }, async () => {
  for (const stage of [{ $out: 'x' }, { $merge: { into: 'x' } }]) {
    assert.equal((await client.command(database, { aggregate: 'c', pipeline: [stage], cursor: {} })).code, 115);
  }
});

test('distinct gives each value once, arrays by their elements', async () => {
  const tags = await client.run(database, { distinct: 'c', key: 'tags' });
  const filtered = await client.run(database, { distinct: 'c', key: 'i', query: { z: 'a' } });

  assert.deepEqual(tags.values, ['x', 'y']);
  assert.deepEqual(filtered.values, [1, 3]);
});
