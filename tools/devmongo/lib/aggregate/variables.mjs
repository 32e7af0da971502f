import { decodeDocument } from '../bson/values.mjs';

/** What `$$NOW` and the like stand for, and a command's own `let`. */
export function variablesOf(server, letValue = undefined) {
  const own = letValue === undefined ? {} : decodeDocument(letValue.buf, letValue.start);
  return { NOW: new Date(server.clock.now()), CLUSTER_TIME: server.clusterTime(), ...own };
}
