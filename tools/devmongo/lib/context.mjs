// What a command knows while it runs.
import { MongoError } from './errors.mjs';
import { LatestView } from './transactions/transactions.mjs';
import { checkCollectionName, checkDatabaseName } from './storage/catalog.mjs';

export class CommandContext {
  constructor(server, connection, request, { session, transaction, isRetryable, readConcern, writeConcernError }) {
    this.server = server;
    this.connection = connection;
    this.request = request;
    this.session = session;
    this.transaction = transaction;
    this.isRetryable = isRetryable;
    this.view = transaction ?? new LatestView(server.transactions);
    this.readConcern = readConcern;
    this.writeConcernError = writeConcernError;
    this.writeErrors = undefined;
    // The collection that the command works on.
    this.found = undefined;
    const maxTimeMS = request.number('maxTimeMS') ?? 0;
    this.deadline = maxTimeMS > 0 ? performance.now() + maxTimeMS : Infinity;
  }

  get db() {
    return this.request.db;
  }

  get namespace() {
    return `${this.db}.${this.request.collectionName()}`;
  }

  /** The collection the command names, or undefined. */
  collection() {
    const name = this.request.collectionName();
    if (name === '') throw new MongoError('InvalidNamespace', `Invalid namespace specified '${this.db}.'`);
    this.found = this.server.catalog.find(this.db, name);
    return this.found;
  }

  /** The collection the command writes to, made if it is not there. */
  collectionToWrite() {
    const name = this.request.collectionName();
    const { catalog } = this.server;
    let collection = catalog.find(this.db, name);
    if (collection === undefined) {
      checkDatabaseName(this.db);
      checkCollectionName(this.db, name);
      collection = catalog.create(this.db, name);
      this.transaction?.onAbort(() => {
        if (collection.records.count > 0 || catalog.find(this.db, name) !== collection) return;
        // It never was there, so nobody is told that it is gone.
        collection.changes = undefined;
        catalog.drop(this.db, name);
      });
    }
    this.found = collection;
    return collection;
  }

  checkTime() {
    if (performance.now() > this.deadline) throw new MongoError('MaxTimeMSExpired', 'operation exceeded time limit');
  }

  /** Waits for another transaction to end, or for the command's time to run out. */
  waitFor(transaction) {
    return new Promise((resolve, reject) => {
      let timer;
      const giveUp = transaction.onEnd(() => {
        clearTimeout(timer);
        if (this.found?.dropped) reject(new MongoError('QueryPlanKilled', `collection dropped: ${this.namespace}`));
        else resolve();
      });
      if (this.deadline < Infinity) {
        timer = setTimeout(() => {
          giveUp();
          reject(new MongoError('MaxTimeMSExpired', 'operation exceeded time limit'));
        }, Math.max(0, this.deadline - performance.now()));
      }
    });
  }
}
