// The server: what all connections share, and what happens by the clock.
import { createServer } from 'node:net';
import { Binary, ObjectId, Timestamp } from 'bson';
import { FailPoints } from './failpoints.mjs';
import { ChangeLogs } from './changes/change-logs.mjs';
import { SET_NAME } from './replica-set.mjs';
import { Catalog } from './storage/catalog.mjs';
import { Cursors } from './query/cursors.mjs';
import { Sessions } from './transactions/sessions.mjs';
import { Transactions } from './transactions/transactions.mjs';
import { Connection } from './wire/connection.mjs';
import { expireDocuments } from './storage/ttl.mjs';

const TRANSACTION_LIFETIME_MS = 60_000;
// How many expired documents go before other work gets its turn.
const SWEEP = 10_000;

export class Server {
  #listener = createServer(socket => this.#accept(socket));
  #connections = new Set();
  #connectionCount = 0;
  #timers = [];
  #time = { seconds: 0, increment: 0, stamp: -1 };

  /** `clock.now()` gives milliseconds since 1970; `sweepEvery` is how often, in milliseconds, expired documents go (0: never by itself). */
  constructor({ clock = Date, sweepEvery = 2000, log = line => process.stderr.write(`${line}\n`) } = {}) {
    this.clock = clock;
    this.sweepEvery = sweepEvery;
    this.log = log;
    this.transactions = new Transactions(clock);
    this.sessions = new Sessions(this.transactions, clock);
    this.changeLogs = new ChangeLogs(() => this.clusterTime());
    this.catalog = new Catalog(this.transactions, this.changeLogs);
    this.cursors = new Cursors(clock);
    this.failPoints = new FailPoints();
    this.topologyVersion = { processId: new ObjectId(), counter: 6n };
    this.noSignature = { hash: new Binary(Buffer.alloc(20)), keyId: 0n };
    this.opcounters = { insert: 0, query: 0, update: 0, delete: 0, getmore: 0, command: 0 };
    this.commandCounts = new Map();
    this.started = Date.now();
    this.address = undefined;
  }

  async listen(port = 0, host = '127.0.0.1') {
    await new Promise((resolve, reject) => {
      this.#listener.once('error', reject);
      this.#listener.listen(port, host, resolve);
    });
    this.port = this.#listener.address().port;
    this.address = `${host}:${this.port}`;
    this.#every(1000, () => this.#expireTransactions());
    this.#every(60_000, () => {
      this.sessions.expire();
      this.cursors.expire();
    });
    if (this.sweepEvery > 0) this.#every(this.sweepEvery, () => this.#sweepInTurns());
    return this;
  }

  get uri() {
    return `mongodb://${this.address}/?replicaSet=${SET_NAME}`;
  }

  async close() {
    for (const timer of this.#timers) clearInterval(timer);
    const closed = new Promise(resolve => this.#listener.close(resolve));
    for (const connection of [...this.#connections]) connection.close();
    await closed;
  }

  /** Removes what has expired, or soon after `most` of it; gives how many documents went. */
  sweep(most = Infinity) {
    return expireDocuments(this.catalog, this.transactions, this.clock.now(), most);
  }

  get connectionCounts() {
    return { current: this.#connections.size, totalCreated: this.#connectionCount };
  }

  forget(connection) {
    this.#connections.delete(connection);
  }

  count(name, command) {
    this.commandCounts.set(name, (this.commandCounts.get(name) ?? 0) + 1);
    // Writes count by statement, where they run.
    if (!['insert', 'update', 'delete'].includes(command.opcounter)) this.opcounters[command.opcounter ?? 'command']++;
  }

  /** The time of the last commit as MongoDB counts it: seconds, and a number within the second. */
  clusterTime() {
    const seconds = Math.floor(this.clock.now() / 1000);
    const time = this.#time;
    if (time.stamp !== this.transactions.now || time.seconds === 0) {
      time.stamp = this.transactions.now;
      time.increment = seconds > time.seconds ? 1 : time.increment + 1;
      time.seconds = Math.max(seconds, time.seconds);
    }
    return new Timestamp({ t: time.seconds, i: time.increment });
  }

  /** A fault of this server itself, not of a request. */
  report(error, request = undefined) {
    this.log(`devmongo: ${request === undefined ? '' : `${request.name}: `}${error.stack ?? error}`);
  }

  #accept(socket) {
    this.#connections.add(new Connection(this, socket, ++this.#connectionCount));
  }

  #every(milliseconds, action) {
    this.#timers.push(setInterval(() => this.#guard(action), milliseconds));
  }

  #sweepInTurns() {
    if (this.sweep(SWEEP) < SWEEP || !this.#listener.listening) return;
    setImmediate(() => this.#guard(() => this.#sweepInTurns()));
  }

  #guard(action) {
    try {
      action();
    } catch (error) {
      this.report(error);
    }
  }

  #expireTransactions() {
    const limit = this.clock.now() - TRANSACTION_LIFETIME_MS;
    for (const transaction of [...this.transactions.openTransactions]) if (transaction.started < limit) transaction.abort();
  }
}
