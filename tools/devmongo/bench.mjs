// Measures the server through the wire, with the documents this project writes: one JSON line a measurement.
// The server runs in a process of its own; `server_cpu` is how much of one core it used meanwhile.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Binary, Double, Int32, Long, serialize } from 'bson';
import { Client, Session } from './test/support/client.mjs';

const DATABASE = 'bench';
const TICKS_PER_SECOND = 100;

function uuid() {
  return new Binary(randomBytes(16), 4);
}

function encode(documents) {
  return documents.map(document => Buffer.from(serialize(document)));
}

function inboxDocuments(count) {
  const at = new Date();
  return Array.from({ length: count }, (_, i) => ({
    _id: { c: 'sensor-telemetry-store', m: uuid() }, o: { t: 'sensor-telemetry', p: new Int32(i % 3), o: Long.fromNumber(i) }, at,
  }));
}

function measurements(count, from) {
  return Array.from({ length: count }, (_, i) => ({
    _id: uuid(), timestamp: new Date(from + i * 10), meta: { device: `sensor-${i % 500}`, zone: `zone-${i % 7}`, type: 'telemetry' },
    temperature: new Double(20 + (i % 100) / 8), humidity: new Double(40.5), ingested_at: new Date(),
  }));
}

function rollupUpdates(count, batch) {
  return Array.from({ length: count }, (_, i) => ({
    q: { _id: { t: new Date(Math.floor(batch / 50) * 3_600_000), s: 'sensor-telemetry-0', k: 'telemetry', z: `zone-${i}` } },
    u: { $inc: { n: Long.fromNumber(10), t_sum: new Double(204.5), h_sum: new Double(405) }, $min: { t_min: new Double(19.5) }, $max: { t_max: new Double(31) } },
    upsert: true,
  }));
}

function deviceUpdates(count, batch) {
  return Array.from({ length: count }, (_, i) => ({
    q: { _id: { d: `sensor-${i}`, s: 'telemetry' } },
    u: { $set: { zone: `zone-${i % 7}`, temperature: new Double(20 + batch % 9), humidity: new Double(41), last_seen: new Date(batch * 1000) } },
    upsert: true,
  }));
}

function cpuSeconds(pid) {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).map(Number);
  return (user + system) / TICKS_PER_SECOND;
}

async function measure(server, name, unit, amount, run) {
  const cpuBefore = cpuSeconds(server.pid);
  const started = performance.now();
  await run();
  const seconds = (performance.now() - started) / 1000;
  const cpu = cpuSeconds(server.pid) - cpuBefore;
  const line = { name, value: Math.round(amount / seconds), unit, server_cpu: Number((cpu / seconds).toFixed(2)), per_core: Math.round(amount / cpu) };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Batches are made before the clock runs; two are on their way at any time, on two connections, as two partitions' would be. */
async function inParallel(clients, batches, send) {
  let next = 0;
  await Promise.all(clients.map(async client => {
    const session = new Session();
    while (next < batches.length) await send(client, session, batches[next++]);
  }));
}

const server = spawn(process.execPath, [new URL('devmongo.mjs', import.meta.url).pathname, '--exit-with-parent'], { stdio: ['pipe', 'pipe', 'inherit'] });
const [ready] = await once(server.stdout, 'data');
const { port } = JSON.parse(ready);
const clients = [await Client.connect(port), await Client.connect(port)];
const [client] = clients;

await client.run(DATABASE, { createIndexes: 'inbox', indexes: [{ key: { at: 1 }, name: 'ttl', expireAfterSeconds: 172_800 }] });
await client.run(DATABASE, { create: 'sensor_data', timeseries: { timeField: 'timestamp', metaField: 'meta', granularity: 'seconds' }, expireAfterSeconds: 2_592_000 });
await client.run(DATABASE, { createIndexes: 'sensor_data', indexes: [{ key: { 'meta.device': 1, timestamp: 1 }, name: 'device_time' }] });

async function insertInTransaction(connection, session, batch) {
  await connection.run(DATABASE, { insert: 'inbox', ordered: true, ...session.start() }, { section: { name: 'documents', documents: batch } });
  await session.commit(connection);
}

async function insertMeasurements(connection, session, batch) {
  await connection.run(DATABASE, { insert: 'sensor_data', ordered: false }, { section: { name: 'documents', documents: batch } });
}

for (let round = 0; round < 3; round++) {
  const batches = Array.from({ length: 100 }, () => encode(inboxDocuments(2000)));
  await measure(server, 'inbox_insert_in_transactions', 'docs/s', 200_000, () => inParallel(clients, batches, insertInTransaction));
}
for (let round = 0; round < 3; round++) {
  const batches = Array.from({ length: 50 }, (_, i) => encode(measurements(4000, Date.now() - 86_400_000 + (round * 50 + i) * 40_000)));
  await measure(server, 'time_series_insert', 'docs/s', 200_000, () => inParallel(clients, batches, insertMeasurements));
}
{
  const batches = Array.from({ length: 200 }, (_, i) => encode(rollupUpdates(200, i)));
  await measure(server, 'rollup_updates', 'updates/s', 40_000, () => inParallel(clients, batches, async (connection, session, batch) => {
    await connection.run(DATABASE, { update: 'rollups' }, { section: { name: 'updates', documents: batch } });
  }));
}
{
  const batches = Array.from({ length: 80 }, (_, i) => encode(deviceUpdates(500, i)));
  await measure(server, 'device_updates', 'updates/s', 40_000, () => inParallel(clients, batches, async (connection, session, batch) => {
    await connection.run(DATABASE, { update: 'devices' }, { section: { name: 'updates', documents: batch } });
  }));
}
{
  const known = inboxDocuments(2000);
  await client.run(DATABASE, { insert: 'inbox' }, { section: { name: 'documents', documents: encode(known) } });
  const filter = { _id: { $in: known.map(({ _id }) => _id) } };
  await measure(server, 'inbox_find_by_ids', 'docs/s', 100_000, async () => {
    for (let i = 0; i < 50; i++) await client.run(DATABASE, { find: 'inbox', filter, batchSize: 2000, projection: { _id: 1 } });
  });
}
await measure(server, 'series_by_device', 'queries/s', 300, async () => {
  for (let i = 0; i < 300; i++) {
    await client.run(DATABASE, { aggregate: 'sensor_data', cursor: {}, pipeline: [{ $match: { 'meta.device': `sensor-${i}`, timestamp: { $gte: new Date(Date.now() - 7_200_000) } } }, { $group: { _id: null, n: { $sum: 1 }, t: { $avg: '$temperature' } } }] });
  }
});
{
  // All that one applied batch of 2,000 events costs: one transaction, then the measurements.
  const batches = Array.from({ length: 60 }, (_, i) => ({
    inbox: encode(inboxDocuments(2000)),
    rollups: encode(rollupUpdates(50, i)),
    devices: encode(deviceUpdates(300, i)),
    measurements: encode(measurements(2000, Date.now() - 43_200_000 + i * 20_000)),
  }));
  const known = { _id: { $in: Array.from({ length: 300 }, (_, i) => ({ d: `sensor-${i}`, s: 'telemetry' })) } };
  await measure(server, 'apply', 'events/s', 120_000, () => inParallel(clients, batches, async (connection, session, batch) => {
    // Partitions never write the same rollups and devices; here each connection has its own.
    const suffix = clients.indexOf(connection);
    await connection.run(DATABASE, { insert: 'inbox', ...session.start() }, { section: { name: 'documents', documents: batch.inbox } });
    await connection.run(DATABASE, { update: `rollups${suffix}`, ...session.next() }, { section: { name: 'updates', documents: batch.rollups } });
    await connection.run(DATABASE, { find: `devices${suffix}`, filter: known, batchSize: 1000, ...session.next() });
    await connection.run(DATABASE, { update: `devices${suffix}`, ...session.next() }, { section: { name: 'updates', documents: batch.devices } });
    await session.commit(connection);
    await insertMeasurements(connection, session, batch.measurements);
  }));
}
process.stdout.write(`${JSON.stringify({ name: 'memory', value: Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]) / 1024), unit: 'MiB' })}\n`);
for (const each of clients) await each.close();
server.kill('SIGTERM');
