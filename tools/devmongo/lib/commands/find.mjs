import { MongoError } from '../errors.mjs';
import { inTurns } from '../turns.mjs';
import { variablesOf } from '../aggregate/variables.mjs';
import { compileProjection } from '../query/project.mjs';
import { Filter } from '../query/filter.mjs';
import { checkHint } from '../query/hints.mjs';
import { Selection } from '../query/select.mjs';
import { ListStream, SelectionStream, sortedStream } from '../query/streams.mjs';
import { parseSort } from '../query/sort.mjs';

const CHECK_EVERY = 512;

function count(request, name) {
  const value = request.number(name);
  if (value !== undefined && !(value >= 0)) {
    throw new MongoError(51024, `BSON field '${name}' value must be >= 0, actual value '${value}'`);
  }
  return value;
}

/** Options that would change what is found; without an effect they are fine. */
function refuseIndexOptions(request) {
  for (const bound of ['min', 'max']) {
    const keys = request.plain(bound);
    if (keys !== undefined && Object.keys(keys).length > 0) {
      throw new MongoError('CommandNotSupported', `The option '${bound}' of find is not supported by this server`);
    }
  }
  for (const option of ['returnKey', 'showRecordId']) {
    if (request.bool(option)) throw new MongoError('CommandNotSupported', `The option '${option}' of find is not supported by this server`);
  }
}

function find(context) {
  const { request } = context;
  if (request.document('collation') !== undefined) throw new MongoError('CommandNotSupported', 'Collation is not supported by this server');
  if (request.bool('tailable')) throw new MongoError('CommandNotSupported', 'Tailable cursors are not supported by this server');
  if (request.bool('awaitData')) throw new MongoError('FailedToParse', 'Cannot set \'awaitData\' without also setting \'tailable\'');
  refuseIndexOptions(request);
  const filter = Filter.from(request.document('filter'), variablesOf(context.server, request.document('let')));
  const sort = request.document('sort');
  const keys = sort === undefined ? [] : parseSort(sort);
  const project = compileProjection(request.document('projection'));
  const limit = count(request, 'limit') || Infinity;
  const options = { skip: count(request, 'skip') ?? 0, limit, project, checkTime: () => context.checkTime() };
  const batchSize = count(request, 'batchSize');
  const collection = context.collection();
  checkHint(collection, request.plain('hint'));
  const stream = collection === undefined ? new ListStream([]) : streamOf(context, collection, filter, keys, options);
  const singleBatch = request.bool('singleBatch');
  return { cursor: context.server.cursors.first(context, context.namespace, stream, { batchSize, singleBatch }) };
}

function streamOf(context, collection, filter, keys, options) {
  const selection = new Selection(collection, filter, context.view);
  // A snapshot outside a transaction holds for the life of the cursor: all is read now.
  const isSnapshot = context.readConcern === 'snapshot' && context.transaction === undefined;
  return keys.length > 0 || isSnapshot ? sortedStream(selection, keys, options) : new SelectionStream(selection, options);
}

function countDocuments(context) {
  const { request } = context;
  const filter = Filter.from(request.document('query'));
  const collection = context.collection();
  checkHint(collection, request.plain('hint'));
  if (collection === undefined) return { n: 0 };
  const skip = count(request, 'skip') ?? 0;
  const limit = Math.abs(request.number('limit') ?? 0) || Infinity;
  const reply = n => ({ n: Math.min(Math.max(0, n - skip), limit) });
  if (filter.isEmpty) return reply(collection.documents);
  const selection = new Selection(collection, filter, context.view);
  let n = 0;
  return inTurns(() => {
    context.checkTime();
    for (let read = 0; read < CHECK_EVERY; read++, n++) if (n >= skip + limit || selection.next() < 0) return true;
    return false;
  }, () => reply(n));
}

export const findCommands = {
  find: {
    fields: ['filter', 'sort', 'projection', 'skip', 'limit', 'batchSize', 'singleBatch', 'hint', 'collation', 'allowDiskUse', 'noCursorTimeout',
      'allowPartialResults', 'let', 'tailable', 'awaitData', 'oplogReplay', 'max', 'min', 'returnKey', 'showRecordId'],
    inTransaction: true, opcounter: 'query',
    run: find,
  },
  count: { fields: ['query', 'limit', 'skip', 'hint', 'collation'], run: countDocuments },
};
