// What a client learns when it connects, and asks again to see whether the server is still what it was.
import { ELECTION_ID, SET_NAME } from '../replica-set.mjs';
import { MAX_DOCUMENT } from '../bson/validate.mjs';
import { MAX_MESSAGE } from '../wire/frames.mjs';

export const MAX_BATCH = 100_000;
const MAX_AWAIT_MS = 60_000;

const FIELDS = ['client', 'compression', 'saslSupportedMechs', 'speculativeAuthenticate', 'topologyVersion', 'maxAwaitTimeMS', 'hostInfo',
  'loadBalanced', 'forShell', 'internalClient'];

function describe(server, connection, primaryField) {
  const now = new Date(server.clock.now());
  const opTime = { ts: server.clusterTime(), t: 1n };
  return {
    topologyVersion: server.topologyVersion,
    hosts: [server.address],
    setName: SET_NAME,
    setVersion: 1,
    [primaryField]: true,
    secondary: false,
    primary: server.address,
    me: server.address,
    electionId: ELECTION_ID,
    lastWrite: { opTime, lastWriteDate: now, majorityOpTime: opTime, majorityWriteDate: now },
    maxBsonObjectSize: MAX_DOCUMENT,
    maxMessageSizeBytes: MAX_MESSAGE,
    maxWriteBatchSize: MAX_BATCH,
    localTime: now,
    logicalSessionTimeoutMinutes: 30,
    connectionId: connection.id,
    minWireVersion: 0,
    maxWireVersion: 13,
    readOnly: false,
  };
}

function hello(primaryField) {
  return ({ server, connection, request }) => {
    const appName = request.plain('client')?.application?.name;
    if (typeof appName === 'string') connection.appName = appName;
    const answer = () => ({ ...request.bool('helloOk') ? { helloOk: true } : {}, ...describe(server, connection, primaryField) });
    const waits = request.number('maxAwaitTimeMS');
    const known = request.plain('topologyVersion');
    // A client that already knows this topology asks to be told when it changes; it never does.
    if (waits > 0 && known?.processId !== undefined && server.topologyVersion.processId.equals(known.processId)) {
      return connection.sleep(Math.min(waits, MAX_AWAIT_MS)).then(answer);
    }
    return answer();
  };
}

export const handshakeCommands = {
  hello: { fields: FIELDS, run: hello('isWritablePrimary') },
  isMaster: { fields: FIELDS, run: hello('ismaster') },
  ismaster: { fields: FIELDS, run: hello('ismaster') },
};
