// Random transactions side by side: every answer is the one that snapshot isolation gives, and nothing is left behind.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { calculateObjectSize } from 'bson';
import { Session } from './support/client.mjs';
import { seeded } from './support/random.mjs';
import { isReal, startStandIn } from './support/servers.mjs';
import { SnapshotModel } from './support/snapshot-model.mjs';

const DATABASE = 'isolation';
const IDS = 8;
const STEPS = 400;
const SESSIONS = 4;

let server;
let client;

before(async () => {
  server = await startStandIn();
  client = await server.connect();
});

after(() => server.close());

class Run {
  constructor(seed) {
    this.random = seeded(seed);
    this.model = new SnapshotModel();
    this.collection = `c${seed}`;
    this.actors = Array.from({ length: SESSIONS }, () => ({ session: new Session(), transaction: undefined }));
  }

  command(body, fields) {
    return client.command(DATABASE, { ...body, ...fields });
  }

  async step() {
    if (this.random(5) === 0) return this.outside();
    const actor = this.actors[this.random(SESSIONS)];
    let fields;
    if (actor.transaction === undefined) {
      actor.transaction = this.model.begin();
      fields = actor.session.start();
    } else {
      fields = actor.session.next();
    }
    return this.within(actor, fields);
  }

  async within(actor, fields) {
    const id = this.random(IDS);
    switch (this.random(10)) {
      case 0: case 1: case 2: return this.insert(actor, id, fields);
      case 3: case 4: return this.update(actor, id, fields);
      case 5: return this.remove(actor, id, fields);
      case 6: case 7: return this.compareReads(actor, fields);
      default: {
        await this.compareReads(actor, fields);
        const commits = this.random(3) > 0;
        const reply = await (commits ? actor.session.commit(client) : actor.session.abort(client));
        assert.equal(reply.ok, 1);
        if (commits) actor.transaction.commit();
        else actor.transaction.abort();
        actor.transaction = undefined;
      }
    }
  }

  async insert(actor, id, fields) {
    const { transaction } = actor;
    const n = this.random(1000);
    const isConflict = this.model.holderOf(id, transaction) !== undefined || (this.model.changedAt.get(id) ?? 0) > transaction.began;
    const expected = !isConflict && transaction.seen.has(id) ? transaction.fail('duplicate') : transaction.write(id, seen => seen.set(id, n));
    const reply = await this.command({ insert: this.collection, documents: [{ _id: id, n, k: n % 10 }] }, fields);
    this.check(actor, expected, reply);
  }

  async update(actor, id, fields) {
    const { transaction } = actor;
    const n = this.random(1000);
    const expected = transaction.seen.has(id) ? transaction.write(id, seen => seen.set(id, n)) : 'nothing';
    const reply = await this.command({ update: this.collection, updates: [{ q: { _id: id }, u: { $set: { n, k: n % 10 } } }] }, fields);
    this.check(actor, expected, reply);
  }

  async remove(actor, id, fields) {
    const { transaction } = actor;
    const expected = transaction.seen.has(id) ? transaction.write(id, seen => seen.delete(id)) : 'nothing';
    const reply = await this.command({ delete: this.collection, deletes: [{ q: { _id: id }, limit: 1 }] }, fields);
    this.check(actor, expected, reply);
  }

  check(actor, expected, reply) {
    switch (expected) {
      case 'ok': assert.equal(reply.n, 1); return;
      case 'nothing': assert.equal(reply.n, 0); return;
      case 'conflict': assert.equal(reply.code, 112); break;
      default: assert.equal(reply.writeErrors[0].code, 11000);
    }
    actor.transaction = undefined;
  }

  async compareReads({ transaction }, fields) {
    await this.compare(transaction.seen, fields);
    await this.compareByKey(transaction.seen, fields.startTransaction ? { ...fields, startTransaction: undefined } : fields);
  }

  async compare(expected, fields) {
    const documents = await client.all(DATABASE, { find: this.collection, sort: { _id: 1 }, ...fields });
    assert.deepEqual(documents.map(({ _id, n }) => [_id, n]), [...expected].sort(([a], [b]) => a - b));
  }

  /** Reads through the secondary index. */
  async compareByKey(expected, fields) {
    const k = this.random(10);
    const documents = await client.all(DATABASE, { find: this.collection, filter: { k }, sort: { _id: 1 }, ...fields });
    assert.deepEqual(documents.map(({ _id }) => _id), [...expected].filter(([, n]) => n % 10 === k).map(([id]) => id).sort((a, b) => a - b));
  }

  async outside() {
    const id = this.random(IDS);
    if (this.model.holderOf(id) !== undefined) return;
    const n = this.random(1000);
    if (!this.model.exists(id)) {
      assert.equal((await this.command({ insert: this.collection, documents: [{ _id: id, n, k: n % 10 }] })).n, 1);
      this.model.write(id, n);
    } else if (this.random(2) === 0) {
      assert.equal((await this.command({ update: this.collection, updates: [{ q: { _id: id }, u: { $set: { n, k: n % 10 } } }] })).n, 1);
      if (this.model.committed.get(id) !== n) this.model.write(id, n);
    } else {
      assert.equal((await this.command({ delete: this.collection, deletes: [{ q: { _id: id }, limit: 1 }] })).n, 1);
      this.model.write(id, undefined);
    }
    await this.compare(this.model.committed, {});
  }

  async finish() {
    for (const { session, transaction } of this.actors) {
      if (transaction === undefined) continue;
      await session.abort(client);
      transaction.abort();
    }
    await this.compare(this.model.committed, {});
  }
}

for (let seed = 1; seed <= 10; seed++) {
  test(`Random transactions, seed ${seed}`, { skip: isReal && 'the model knows this server\'s choices where MongoDB is free' }, async () => {
    const run = new Run(seed);
    await client.run(DATABASE, { createIndexes: run.collection, indexes: [{ key: { k: 1 }, name: 'k' }] });

    for (let i = 0; i < STEPS; i++) await run.step();
    await run.finish();

    const collection = server.standIn.catalog.find(DATABASE, run.collection);
    assert.equal(collection.older.size, 0);
    assert.equal(collection.documents, run.model.committed.size);
    assert.equal(collection.records.count, run.model.committed.size);
    assert.equal(collection.ids.size, run.model.committed.size);
    assert.equal(collection.heap.bytes, run.model.committed.size * calculateObjectSize({ _id: 1, n: 1, k: 1 }));
  });
}
