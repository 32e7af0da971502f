import { MongoError } from '../errors.mjs';

function getMore(context) {
  const { request, server } = context;
  const id = request.bigint('getMore');
  const name = request.string('collection');
  if (name === undefined) throw new MongoError(40414, "BSON field 'getMore.collection' is missing but a required field");
  const batchSize = request.number('batchSize');
  if (batchSize < 0) throw new MongoError(51024, `BSON field 'batchSize' value must be >= 0, actual value '${batchSize}'`);
  const more = server.cursors.more(context, id, `${request.db}.${name}`, batchSize || Infinity);
  return more instanceof Promise ? more.then(cursor => ({ cursor })) : { cursor: more };
}

function killCursors({ request, server }) {
  const list = request.array('cursors');
  if (list === undefined) throw new MongoError(40414, "BSON field 'killCursors.cursors' is missing but a required field");
  const ids = request.bigints('cursors');
  const killed = ids.filter(id => server.cursors.kill(id));
  return { cursorsKilled: killed, cursorsNotFound: ids.filter(id => !killed.includes(id)), cursorsAlive: [], cursorsUnknown: [] };
}

export const cursorCommands = {
  getMore: { fields: ['collection', 'batchSize', 'term', 'lastKnownCommittedOpTime'], inTransaction: true, opcounter: 'getmore', run: getMore },
  killCursors: { fields: ['cursors'], inTransaction: true, run: killCursors },
};
