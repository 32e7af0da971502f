// The databases and their collections.
import { MongoError } from '../errors.mjs';
import { Collection } from './collection.mjs';

const MAX_NAMESPACE = 255;

export class Catalog {
  #databases = new Map();

  constructor(transactions, changeLogs) {
    this.transactions = transactions;
    this.changeLogs = changeLogs;
  }

  get databaseNames() {
    return [...this.#databases.keys()];
  }

  /** The collections of a database by name; an empty map if there is no such database. */
  collections(database) {
    return this.#databases.get(database) ?? new Map();
  }

  find(database, name) {
    return this.#databases.get(database)?.get(name);
  }

  create(database, name, make = namespace => new Collection(namespace, {}, this.transactions)) {
    checkDatabaseName(database);
    checkCollectionName(database, name);
    let collections = this.#databases.get(database);
    if (collections === undefined) this.#databases.set(database, collections = new Map());
    const collection = make(`${database}.${name}`);
    if (!collection.isTimeSeries) collection.changes = this.changeLogs.find(collection.namespace);
    collections.set(name, collection);
    return collection;
  }

  drop(database, name) {
    const collections = this.#databases.get(database);
    const collection = collections?.get(name);
    if (collection === undefined) return undefined;
    collection.dropped = true;
    collection.changes?.noteDrop();
    collections.delete(name);
    if (collections.size === 0) this.#databases.delete(database);
    return collection;
  }

  * all() {
    for (const collections of this.#databases.values()) yield* collections.values();
  }
}

export function checkDatabaseName(name) {
  if (name.length === 0 || name.length > 63 || /[\0 "$./\\]/.test(name)) {
    throw new MongoError('InvalidNamespace', `Invalid database name: '${name}'`);
  }
}

export function checkCollectionName(database, name) {
  const namespace = `${database}.${name}`;
  if (name.length === 0 || name.startsWith('.') || name.endsWith('.') || name.includes('$') || name.includes('\0')) {
    throw new MongoError('InvalidNamespace', `Invalid namespace specified '${namespace}'`);
  }
  if (Buffer.byteLength(namespace) > MAX_NAMESPACE) {
    throw new MongoError('InvalidNamespace', `Fully qualified namespace is too long. Namespace: ${namespace} Max: ${MAX_NAMESPACE}`);
  }
  if (name.startsWith('system.')) throw new MongoError('InvalidNamespace', `Invalid system namespace: ${namespace}`);
}
