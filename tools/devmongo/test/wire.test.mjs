// What comes over the socket: good messages of every form, and bad ones.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { deserialize, serialize } from 'bson';
import { crc32c } from '../lib/wire/crc32c.mjs';
import { opMsg } from './support/client.mjs';
import { seeded } from './support/random.mjs';
import { startStandIn } from './support/servers.mjs';

const DATABASE = 'wire';
let server;
let client;

before(async () => {
  server = await startStandIn();
  client = await server.connect();
});

after(() => server.close());

async function open() {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Sends bytes, and waits for a whole reply, or for the connection to close (undefined). */
async function exchange(socket, ...pieces) {
  for (const piece of pieces) socket.write(piece);
  return new Promise(resolve => {
    let received = Buffer.alloc(0);
    socket.once('close', () => resolve(undefined));
    socket.on('data', piece => {
      received = Buffer.concat([received, piece]);
      if (received.length >= 4 && received.length >= received.readInt32LE(0)) resolve(received.subarray(0, received.readInt32LE(0)));
    });
  });
}

async function send(...pieces) {
  const socket = await open();
  const reply = await exchange(socket, ...pieces);
  socket.destroy();
  return reply;
}

function bodyOf(reply) {
  return deserialize(reply.subarray(21));
}

function withLength(message, length = message.length) {
  message.writeInt32LE(length, 0);
  return message;
}

const ping = () => opMsg(1, { ping: 1, $db: 'admin' });

test('A message may come in any pieces', async () => {
  const message = opMsg(7, { insert: 'pieces', documents: [{ _id: 1, text: 'x'.repeat(2000) }], $db: DATABASE });
  const socket = await open();
  const reply = exchange(socket);
  for (let at = 0; at < message.length; at += 11) {
    socket.write(message.subarray(at, at + 11));
    if (at % 33 === 0) await new Promise(resolve => setImmediate(resolve));
  }

  const received = await reply;
  socket.destroy();

  assert.equal(received.readInt32LE(8), 7);
  assert.equal(bodyOf(received).n, 1);
});

test('Several messages in one piece are answered in their order', async () => {
  const socket = await open();
  socket.write(Buffer.concat([opMsg(1, { insert: 'order', documents: [{}], $db: DATABASE }), opMsg(2, { count: 'order', $db: DATABASE }), opMsg(3, { ping: 1, $db: 'admin' })]));
  const ids = [];
  let received = Buffer.alloc(0);

  while (ids.length < 3) {
    const [piece] = await once(socket, 'data');
    received = Buffer.concat([received, piece]);
    while (received.length >= 16 && received.length >= received.readInt32LE(0)) {
      ids.push(received.readInt32LE(8));
      received = received.subarray(received.readInt32LE(0));
    }
  }
  socket.destroy();

  assert.deepEqual(ids, [1, 2, 3]);
});

test('An unacknowledged write is done without a reply', async () => {
  const socket = await open();
  const write = opMsg(1, { insert: 'quiet', documents: [{ _id: 1 }], writeConcern: { w: 0 }, $db: DATABASE }, { flags: 2 });

  const reply = await exchange(socket, write, opMsg(2, { count: 'quiet', $db: DATABASE }));
  socket.destroy();

  assert.equal(reply.readInt32LE(8), 2);
  assert.equal(bodyOf(reply).n, 1);
});

test('A checksum is checked', async () => {
  const bare = ping();
  bare.writeInt32LE(1, 16);
  const message = withLength(Buffer.concat([bare, Buffer.alloc(4)]));
  message.writeUInt32LE(crc32c(message, 0, message.length - 4), message.length - 4);
  const wrong = Buffer.from(message);
  wrong[wrong.length - 1] ^= 1;

  const right = await send(message);
  const closed = await send(wrong);

  assert.equal(bodyOf(right).ok, 1);
  assert.equal(closed, undefined);
});

test('The check value of CRC-32C', () => {
  assert.equal(crc32c(Buffer.from('123456789'), 0, 9), 0xe3069283);
});

test('An old client may shake hands with OP_QUERY', async () => {
  const query = Buffer.concat([Buffer.alloc(16), Buffer.alloc(4), Buffer.from('admin.$cmd\0'), Buffer.alloc(8), serialize({ isMaster: 1, helloOk: true })]);
  query.writeInt32LE(9, 4);
  query.writeInt32LE(2004, 12);

  const reply = await send(withLength(query));
  const body = deserialize(reply.subarray(36));

  assert.equal(reply.readInt32LE(12), 1);
  assert.equal(reply.readInt32LE(32), 1);
  assert.equal(body.ismaster, true);
  assert.equal(body.helloOk, true);
  assert.equal(body.setName, 'rs0');
});

test('Only the handshake may come by OP_QUERY', async () => {
  const query = Buffer.concat([Buffer.alloc(16), Buffer.alloc(4), Buffer.from('admin.$cmd\0'), Buffer.alloc(8), serialize({ insert: 'x', documents: [{}] })]);
  query.writeInt32LE(2004, 12);

  const body = deserialize((await send(withLength(query))).subarray(36));

  assert.equal(body.code, 352);
});

const closing = {
  'a length below the header': () => withLength(ping(), 12),
  'a length above 48,000,000': () => withLength(ping(), 48_000_001),
  'a negative length': () => withLength(ping(), -5),
  'an unknown opcode': () => { const message = ping(); message.writeInt32LE(2012, 12); return message; },
  'an unknown required flag': () => { const message = ping(); message.writeInt32LE(4, 16); return message; },
  'a section of an unknown kind': () => { const message = ping(); message[20] = 7; return message; },
  'no body': () => withLength(ping().subarray(0, 20)),
  'two bodies': () => withLength(Buffer.concat([ping(), Buffer.from([0]), serialize({ ping: 1 })])),
  'an empty body': () => withLength(Buffer.concat([ping().subarray(0, 21), serialize({})])),
  'a section beyond the message': () => withLength(Buffer.concat([ping(), Buffer.from([1, 0xff, 0, 0, 0, 0x64, 0])])),
  'a section without a name': () => withLength(Buffer.concat([ping(), Buffer.from([1, 7, 0, 0, 0, 0x64, 0x64, 0x64])])),
};

for (const [what, make] of Object.entries(closing)) {
  test(`A message with ${what} closes the connection`, async () => {
    assert.equal(await send(make()), undefined);
    assert.equal((await client.run('admin', { ping: 1 })).ok, 1);
  });
}

test('Malformed BSON in a good message is an error, not an end', async () => {
  const message = opMsg(1, { insert: 'bad', documents: [{ text: 'hello' }], $db: DATABASE });
  message.writeInt32LE(0x7fffff, message.indexOf('text\0') + 5);
  const socket = await open();

  const reply = bodyOf(await exchange(socket, message));
  const next = bodyOf(await exchange(socket, ping()));
  socket.destroy();

  assert.equal(reply.code, 22);
  assert.equal(next.ok, 1);
});

test('A document nested too deep is refused', async () => {
  let nested = {};
  for (let i = 0; i < 250; i++) nested = { a: nested };

  const reply = await client.command(DATABASE, { insert: 'deep', documents: [nested] });

  assert.equal(reply.code, 15);
});

test('Batches and documents have their bounds', async () => {
  const empty = await client.command(DATABASE, { insert: 'bounds', documents: [] });
  const documents = Array.from({ length: 100_001 }, () => Buffer.from([5, 0, 0, 0, 0]));
  const many = await client.command(DATABASE, { insert: 'bounds' }, { section: { name: 'documents', documents } });
  const large = await client.command(DATABASE, { insert: 'bounds' }, { section: { name: 'documents', documents: [{ _id: 1, text: 'x'.repeat(16 * 1024 * 1024) }] } });

  assert.equal(empty.code, 16);
  assert.equal(many.code, 16);
  assert.equal(large.writeErrors[0].code, 2);
  assert.equal((await client.run(DATABASE, { count: 'bounds' })).n, 0);
});

/** A good message with some bytes changed, cut short, or with others put in; its length may or may not still be right. */
function spoil(random, message) {
  let spoiled = Buffer.from(message);
  for (let i = random(6); i >= 0; i--) {
    const at = random(spoiled.length);
    switch (random(5)) {
      case 0: spoiled[at] = random(256); break;
      case 1: spoiled[at] ^= 1 << random(8); break;
      case 2: if (at + 4 <= spoiled.length) spoiled.writeInt32LE([-1, 0, 1, 0x7fffffff, 5, 16, 48_000_000][random(7)], at); break;
      case 3: spoiled = spoiled.subarray(0, Math.max(16, at)); break;
      default: spoiled = Buffer.concat([spoiled.subarray(0, at), Buffer.from(Array.from({ length: random(9) }, () => random(256))), spoiled.subarray(at)]);
    }
  }
  if (random(4) > 0 && spoiled.length >= 16) {
    spoiled = Buffer.from(spoiled);
    spoiled.writeInt32LE(spoiled.length, 0);
    spoiled.writeInt32LE(2013, 12);
  }
  return spoiled;
}

test('Three thousand spoiled messages neither stop nor stall the server', async () => {
  const random = seeded(20);
  const faults = [];
  server.standIn.log = line => faults.push(line);
  const good = [
    opMsg(1, { insert: 'f', documents: [{ _id: 1, a: [1, { b: 'text' }], d: new Date(), f: 1.5 }], ordered: false, $db: DATABASE }),
    opMsg(2, { insert: 'f', $db: DATABASE }, { section: { name: 'documents', documents: [{ a: 1 }, { b: { c: null } }] } }),
    opMsg(3, { find: 'f', filter: { a: { $in: [1, 'x'] }, 'b.c': { $gt: 3 }, $or: [{ x: 1 }, { y: { $exists: true } }] }, sort: { a: -1 }, projection: { a: 1 }, $db: DATABASE }),
    opMsg(4, { update: 'f', updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 }, $set: { 'a.b': 2 }, $push: { l: { $each: [1, 2], $slice: -3 } } }, upsert: true }], $db: DATABASE }),
    opMsg(5, { aggregate: 'f', pipeline: [{ $match: { a: 1 } }, { $group: { _id: '$a', n: { $sum: { $add: ['$b', 1] } } } }, { $sort: { n: 1 } }], cursor: {}, $db: DATABASE }),
    opMsg(6, { hello: 1, client: { application: { name: 'x' } }, $db: 'admin' }),
    opMsg(7, { findAndModify: 'f', query: { _id: 1 }, update: [{ $set: { z: { $cond: [{ $gt: ['$n', 1] }, 'y', 'n'] } } }], new: true, $db: DATABASE }),
    opMsg(8, { createIndexes: 'f', indexes: [{ key: { a: 1 }, name: 'a' }], $db: DATABASE }),
    opMsg(9, { create: 't', timeseries: { timeField: 't', metaField: 'm' }, $db: DATABASE }),
    opMsg(10, { delete: 'f', deletes: [{ q: { a: { $elemMatch: { $gt: 1 } } }, limit: 0 }], $db: DATABASE }),
  ];

  for (let round = 0; round < 300; round++) {
    const sockets = await Promise.all(good.map(async message => {
      const socket = await open();
      socket.write(spoil(random, message));
      socket.end();
      return socket;
    }));
    await Promise.all(sockets.map(socket => new Promise(resolve => {
      socket.resume();
      if (socket.closed) resolve();
      else socket.once('close', resolve);
    })));
  }

  assert.equal((await client.run('admin', { ping: 1 })).ok, 1);
  assert.deepEqual(faults, []);
});
