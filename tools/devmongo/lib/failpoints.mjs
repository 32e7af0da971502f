// The `failCommand` fail point: makes chosen commands fail, close their connection, or wait.
import { MongoError } from './errors.mjs';

const NEVER_FAILED = new Set(['configureFailPoint']);
const KNOWN_DATA = new Set(['failCommands', 'errorCode', 'closeConnection', 'blockConnection', 'blockTimeMS', 'errorLabels', 'writeConcernError',
  'appName', 'failInternalCommands', 'namespace', 'threadName', 'failAllCommands', 'errorExtraInfo']);

export class FailPoints {
  #mode = { kind: 'off', left: 0 };
  #data = { failCommands: [] };
  #entered = 0;

  /** Sets `failCommand`; gives how often it has been entered so far. */
  configure(name, mode, data = {}) {
    if (name !== 'failCommand') throw new MongoError(13129, `${name} not found`);
    this.#mode = parseMode(mode);
    for (const field of Object.keys(data)) {
      if (!KNOWN_DATA.has(field)) throw new MongoError('BadValue', `failCommand does not know the field '${field}'`);
    }
    if (this.#mode.kind !== 'off' && data.failAllCommands !== true && !Array.isArray(data.failCommands)) {
      throw new MongoError('BadValue', 'failCommand needs failCommands, an array of command names');
    }
    if (data.blockConnection === true && !(data.blockTimeMS >= 0)) {
      throw new MongoError('BadValue', 'Must specify blockTimeMS when blockConnection is true');
    }
    this.#data = { failCommands: [], ...data };
    return this.#entered;
  }

  /** What the fail point does to this command: its data, or undefined. Counts as one time of `times` and `skip`. */
  hit(commandName, appName, namespace) {
    if (this.#mode.kind === 'off' || NEVER_FAILED.has(commandName)) return undefined;
    const data = this.#data;
    if (data.failAllCommands !== true && !data.failCommands.includes(commandName)) return undefined;
    if (data.appName !== undefined && data.appName !== appName) return undefined;
    if (data.namespace !== undefined && data.namespace !== namespace) return undefined;
    if (!this.#passes()) return undefined;
    this.#entered++;
    return data;
  }

  #passes() {
    const mode = this.#mode;
    switch (mode.kind) {
      case 'times':
        if (--mode.left === 0) this.#mode = { kind: 'off', left: 0 };
        return true;
      case 'skip': return mode.left === 0 || mode.left-- === 0;
      case 'probability': return Math.random() < mode.left;
      default: return true;
    }
  }
}

function parseMode(mode) {
  if (mode === 'off' || mode === 'alwaysOn') return { kind: mode, left: 0 };
  if (mode === null || typeof mode !== 'object') {
    throw new MongoError('BadValue', `unknown mode: ${mode}`);
  }
  const { times, skip, activationProbability } = mode;
  if (times !== undefined) return times > 0 ? { kind: 'times', left: count(times, 'times') } : { kind: 'off', left: count(times, 'times') };
  if (skip !== undefined) return { kind: 'skip', left: count(skip, 'skip') };
  if (typeof activationProbability === 'number' && activationProbability >= 0 && activationProbability <= 1) {
    return { kind: 'probability', left: activationProbability };
  }
  throw new MongoError('BadValue', "mode has to be 'off', 'alwaysOn', {times: n}, {skip: n} or {activationProbability: p}");
}

function count(value, name) {
  if (!Number.isInteger(value) || value < 0 || value > 0x7fffffff) throw new MongoError('BadValue', `'${name}' option to 'mode' must be a positive integer`);
  return value;
}
