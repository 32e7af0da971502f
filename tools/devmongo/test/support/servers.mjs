// The server that tests run against: the one that IOTBUS_TEST_MONGODB names, or a stand-in in this process.
import { randomBytes } from 'node:crypto';
import { Server } from '../../lib/server.mjs';
import { Client } from './client.mjs';

const REAL = process.env.IOTBUS_TEST_MONGODB;

export const isReal = REAL !== undefined && REAL !== '';

export function uniqueDatabase(prefix) {
  return `${prefix}_${randomBytes(6).toString('hex')}`;
}

class TestServer {
  #clients = [];

  constructor(port, host, standIn) {
    this.port = port;
    this.host = host;
    this.standIn = standIn;
    this.isReal = standIn === undefined;
  }

  async connect(options) {
    const client = await Client.connect(this.port, this.host, options);
    this.#clients.push(client);
    return client;
  }

  async close() {
    for (const client of this.#clients) await client.close();
    await this.standIn?.close();
  }
}

/** The server for tests that hold on any MongoDB. */
export async function useServer() {
  if (!isReal) return startStandIn();
  const [, host, port = '27017'] = /^mongodb:\/\/([^/:,?]+)(?::(\d+))?/.exec(REAL);
  return new TestServer(Number(port), host, undefined);
}

/** A stand-in, for tests that need to set its clock or look inside. */
export async function startStandIn(options) {
  const standIn = await new Server({ sweepEvery: 0, ...options }).listen(0);
  return new TestServer(standIn.port, '127.0.0.1', standIn);
}
