// What the server tells about itself, and the fail point.
import { MongoError } from '../errors.mjs';
import { SET_NAME } from '../replica-set.mjs';
import { MAX_DOCUMENT } from '../bson/validate.mjs';

const VERSION = '5.0.0';
const PARAMETERS = { featureCompatibilityVersion: { version: '5.0' }, enableTestCommands: true, transactionLifetimeLimitSeconds: 60, ttlMonitorSleepSecs: 2 };

function serverStatus({ server }) {
  const { transactions, sessions } = server;
  const { totals } = transactions;
  const commands = {};
  for (const [name, total] of server.commandCounts) commands[name] = { failed: 0n, total: BigInt(total) };
  return {
    host: server.address,
    version: VERSION,
    process: 'mongod',
    pid: BigInt(process.pid),
    uptime: (Date.now() - server.started) / 1000,
    localTime: new Date(server.clock.now()),
    connections: server.connectionCounts,
    logicalSessionRecordCache: { activeSessionsCount: sessions.count },
    metrics: { commands, cursor: { open: { total: BigInt(server.cursors.count) } } },
    mem: { bits: 64, resident: Math.round(process.memoryUsage.rss() / 1048576), supported: true },
    opcounters: Object.fromEntries(Object.entries(server.opcounters).map(([name, count]) => [name, BigInt(count)])),
    repl: { setName: SET_NAME, isWritablePrimary: true, secondary: false, hosts: [server.address], primary: server.address, me: server.address },
    storageEngine: { name: 'inMemory', persistent: false, readOnly: false },
    transactions: {
      currentOpen: BigInt(transactions.openCount),
      totalStarted: BigInt(totals.started),
      totalCommitted: BigInt(totals.committed),
      totalAborted: BigInt(totals.aborted),
    },
  };
}

function getParameter({ request }) {
  const asked = request.plain('getParameter');
  if (asked === '*') return { ...PARAMETERS };
  const names = [...request.fields.keys()].filter(name => name in PARAMETERS);
  if (names.length === 0) throw new MongoError('InvalidOptions', 'no option found to get');
  return Object.fromEntries(names.map(name => [name, PARAMETERS[name]]));
}

function configureFailPoint({ server, request }) {
  const count = server.failPoints.configure(request.plain('configureFailPoint'), request.plain('mode'), request.plain('data'));
  return { count };
}

export const diagnosticCommands = {
  ping: { fields: [], run: () => ({}) },
  buildInfo: {
    fields: [],
    run: () => ({
      version: VERSION, gitVersion: 'none', modules: [], allocator: 'system', javascriptEngine: 'none', sysInfo: 'deprecated',
      versionArray: [5, 0, 0, 0], openssl: { running: 'disabled', compiled: 'disabled' }, buildEnvironment: {}, bits: 64, debug: false,
      maxBsonObjectSize: MAX_DOCUMENT, storageEngines: ['inMemory'],
    }),
  },
  serverStatus: { acceptsAnyField: true, fields: [], run: serverStatus },
  connectionStatus: { fields: ['showPrivileges'], run: () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] } }) },
  getParameter: { acceptsAnyField: true, isAdminOnly: true, fields: [], run: getParameter },
  configureFailPoint: { isAdminOnly: true, fields: ['mode', 'data'], run: configureFailPoint },
};
diagnosticCommands.buildinfo = diagnosticCommands.buildInfo;
