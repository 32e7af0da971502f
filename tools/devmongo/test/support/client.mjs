// A small MongoDB client for the tests: one connection, commands in, replies out.
import { connect } from 'node:net';
import { Binary, Long, deserialize, serialize } from 'bson';
import { randomBytes } from 'node:crypto';

const OP_MSG = 2013;

/** The message of an OP_MSG with one body, and a section of documents if given. */
export function opMsg(requestId, body, { flags = 0, section } = {}) {
  const parts = [Buffer.alloc(20), Buffer.from([0]), Buffer.from(serialize(body, { ignoreUndefined: true }))];
  if (section !== undefined) {
    const name = Buffer.from(`${section.name}\0`);
    const documents = section.documents.map(document => (Buffer.isBuffer(document) ? document : Buffer.from(serialize(document))));
    const size = Buffer.alloc(4);
    size.writeInt32LE(4 + name.length + documents.reduce((sum, { length }) => sum + length, 0));
    parts.push(Buffer.from([1]), size, name, ...documents);
  }
  const message = Buffer.concat(parts);
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(requestId, 4);
  message.writeInt32LE(OP_MSG, 12);
  message.writeInt32LE(flags, 16);
  return message;
}

export class Client {
  #socket;
  #received = Buffer.alloc(0);
  #waiting = new Map();
  #nextId = 1;
  #failure;

  /** `typed` keeps BSON's number types in replies. */
  static async connect(port, host = '127.0.0.1', { typed = false } = {}) {
    const client = new Client();
    client.typed = typed;
    client.#socket = connect({ port, host, noDelay: true });
    client.closed = new Promise(resolve => client.#socket.once('close', resolve));
    client.#socket.on('data', piece => client.#receive(piece));
    client.#socket.on('error', error => { client.#failure = error; });
    client.#socket.on('close', () => client.#failAll());
    await new Promise((resolve, reject) => client.#socket.once('connect', resolve).once('error', reject));
    return client;
  }

  /** Runs a command; gives its reply, also if it is an error. Rejects if the connection closes. */
  command(db, body, { section } = {}) {
    const id = this.#nextId++;
    return this.#ask(id, opMsg(id, { ...body, $db: db }, { section }));
  }

  /** Sends bytes as they are; gives the reply to `id`. */
  #ask(id, message) {
    if (this.#socket.destroyed) return Promise.reject(this.#closedError());
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.write(message);
    });
  }

  /** Runs a command; throws if its reply is not ok. */
  async run(db, body, options) {
    const reply = await this.command(db, body, options);
    if (Number(reply.ok) !== 1) throw Object.assign(new Error(`${Object.keys(body)[0]}: ${reply.errmsg}`), { reply });
    return reply;
  }

  /** All documents of a find or aggregate, through its cursor. */
  async all(db, body) {
    const { cursor } = await this.run(db, body);
    const documents = cursor.firstBatch;
    let { id } = cursor;
    const collection = cursor.ns.slice(cursor.ns.indexOf('.') + 1);
    while (id.toString() !== '0') {
      const more = await this.run(db, { getMore: id, collection, lsid: body.lsid });
      documents.push(...more.cursor.nextBatch);
      id = more.cursor.id;
    }
    return documents;
  }

  write(bytes) {
    this.#socket.write(bytes);
  }

  close() {
    this.#socket.destroy();
    return this.closed;
  }

  #receive(piece) {
    this.#received = this.#received.length === 0 ? piece : Buffer.concat([this.#received, piece]);
    while (this.#received.length >= 16 && this.#received.length >= this.#received.readInt32LE(0)) {
      const length = this.#received.readInt32LE(0);
      const message = this.#received.subarray(0, length);
      this.#received = this.#received.subarray(length);
      const at = message.readInt32LE(12) === OP_MSG ? 21 : 36;
      const reply = deserialize(message.subarray(at), this.typed ? { promoteValues: false } : { promoteLongs: false });
      const waiting = this.#waiting.get(message.readInt32LE(8));
      this.#waiting.delete(message.readInt32LE(8));
      waiting?.resolve(reply);
    }
  }

  #closedError() {
    return Object.assign(new Error('the connection was closed'), { closed: true, cause: this.#failure });
  }

  #failAll() {
    for (const { reject } of this.#waiting.values()) reject(this.#closedError());
    this.#waiting.clear();
  }
}

/** A logical session that counts its transactions. */
export class Session {
  #number = 0;

  constructor() {
    this.lsid = { id: new Binary(randomBytes(16), 4) };
  }

  /** The fields of the next transaction's first statement. */
  start() {
    this.#number++;
    return { ...this.next(), startTransaction: true };
  }

  /** The fields of the transaction's other statements. */
  next() {
    return { lsid: this.lsid, txnNumber: Long.fromNumber(this.#number), autocommit: false };
  }

  /** The fields of a new retryable write. */
  retryable() {
    this.#number++;
    return this.again();
  }

  again() {
    return { lsid: this.lsid, txnNumber: Long.fromNumber(this.#number) };
  }

  commit(client, fields = {}) {
    return client.command('admin', { commitTransaction: 1, ...this.next(), ...fields });
  }

  abort(client) {
    return client.command('admin', { abortTransaction: 1, ...this.next() });
  }
}
