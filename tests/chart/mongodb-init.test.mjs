// The job that makes the replica set and its users, on stand-ins for mongosh: no mongod can be started here.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { runInNewContext } from "node:vm";
import { CHART } from "./lib/helm.mjs";

const SCRIPT = readFileSync(`${CHART}/charts/mongodb/files/init.js`, "utf8");
const MEMBERS = ["m-0:27017", "m-1:27017", "m-2:27017"];

class MongoError extends Error {
  constructor(codeName) {
    super(codeName);
    this.codeName = codeName;
  }
}

/** A replica set as the script sees it; config is null before it was made. */
class ReplicaSet {
  config = null;
  users = {};
  connections = [];
  failure = null;

  connect(uri) {
    this.connections.push(uri);
    return {
      adminCommand: (command) => this.#command(command),
      getUser: (name) => this.users[name] ?? null,
      createUser: ({ user, pwd, roles }) => { this.users[user] = { pwd, roles }; },
      updateUser: (user, { pwd, roles }) => { this.users[user] = { pwd, roles }; },
    };
  }

  #command(command) {
    if (this.failure) throw new MongoError(this.failure);
    if (command.replSetGetStatus) {
      if (this.config === null) throw new MongoError("NotYetInitialized");
      return { ok: 1 };
    }
    if (command.replSetInitiate) this.config = { ...command.replSetInitiate, version: 1 };
    if (command.replSetGetConfig) return { config: structuredClone(this.config) };
    if (command.replSetReconfig) {
      assert.equal(command.replSetReconfig.members.length, this.config.members.length + 1, "one member at a time");
      assert.equal(command.replSetReconfig.version, this.config.version + 1);
      this.config = structuredClone(command.replSetReconfig);
    }
    return { ok: 1 };
  }
}

function run(set, { members = MEMBERS, passwords = {} } = {}) {
  const secrets = { root: "ro/ot", processors: "p1", reporting: "r1", backup: "b1", ...passwords };
  const context = {
    connect: (uri) => set.connect(uri),
    print: () => {},
    process: { env: { MEMBERS: members.join(","), DATABASE: "iotbus" } },
    require: () => ({ readFileSync: (path) => `${secrets[/([a-z]+)-password$/.exec(path)[1]]}\n` }),
  };
  runInNewContext(`(() => {${SCRIPT}\n})()`, { ...context, encodeURIComponent, Error, Object, Math });
}

const names = (set) => Array.from(set.config.members, ({ host }) => host);

describe("the job", () => {
  it("makes a replica set of all members, the first of which has the root user", () => {
    const set = new ReplicaSet();

    run(set);

    assert.deepEqual(names(set), MEMBERS);
    assert.equal(set.config._id, "rs0");
    assert.equal(set.connections[0], "mongodb://root:ro%2Fot@m-0:27017/admin?authSource=admin&directConnection=true");
    assert.match(set.connections[1], /@m-0:27017,m-1:27017,m-2:27017\/admin\?authSource=admin&replicaSet=rs0/);
  });

  it("gives each user its rights on the one database, and no more", () => {
    const set = new ReplicaSet();

    run(set);

    const roles = Object.fromEntries(Object.entries(set.users).map(([user, { roles: list }]) => [user, Array.from(list, ({ role, db }) => `${role}@${db}`)]));
    assert.deepEqual(roles, { processors: ["readWrite@iotbus", "dbAdmin@iotbus"], reporting: ["read@iotbus"], backup: ["backup@admin", "restore@admin"] });
  });

  it("changes nothing the second time", () => {
    const set = new ReplicaSet();
    run(set);
    const before = JSON.stringify([set.config, set.users]);

    run(set);

    assert.equal(JSON.stringify([set.config, set.users]), before);
  });

  it("sets a password that has changed", () => {
    const set = new ReplicaSet();
    run(set);

    run(set, { passwords: { processors: "p2" } });

    assert.equal(set.users.processors.pwd, "p2");
    assert.equal(set.users.reporting.pwd, "r1");
  });

  it("adds members one at a time, with numbers that were never used", () => {
    const set = new ReplicaSet();
    run(set);
    set.config.members[2]._id = 7;

    run(set, { members: [...MEMBERS, "m-3:27017", "m-4:27017"] });

    assert.deepEqual(names(set), [...MEMBERS, "m-3:27017", "m-4:27017"]);
    assert.deepEqual(Array.from(set.config.members, ({ _id }) => _id), [0, 1, 7, 8, 9]);
  });

  it("takes no member out", () => {
    const set = new ReplicaSet();
    run(set);

    run(set, { members: MEMBERS.slice(0, 1) });

    assert.deepEqual(names(set), MEMBERS);
  });

  it("fails, to be tried again, when it cannot log in, and leaves everything as it was", () => {
    const set = new ReplicaSet();
    set.failure = "AuthenticationFailed";

    assert.throws(() => run(set), /AuthenticationFailed/);

    assert.equal(set.config, null);
    assert.deepEqual(set.users, {});
  });
});
