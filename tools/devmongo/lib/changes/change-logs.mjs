// The change logs of the collections that somebody watches or has watched.
import { ChangeLog } from './change-log.mjs';

export class ChangeLogs {
  #logs = new Map();

  constructor(clusterTime) {
    this.clusterTime = clusterTime;
  }

  /** The log of a namespace, if somebody watches it. */
  find(namespace) {
    return this.#logs.get(namespace);
  }

  /** The log of a namespace, begun now if there is none; `collection` is what is there by that name, if anything. */
  watch(namespace, collection) {
    let log = this.#logs.get(namespace);
    if (log === undefined) this.#logs.set(namespace, log = new ChangeLog(namespace, this.clusterTime));
    if (collection !== undefined) collection.changes = log;
    return log;
  }
}
