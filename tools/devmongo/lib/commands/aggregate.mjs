import { MongoError } from '../errors.mjs';
import { ARRAY, OBJECT, RawValue, STRING } from '../bson/raw.mjs';
import { keyText } from '../bson/keys.mjs';
import { decodeDocument, plain } from '../bson/values.mjs';
import { Path } from '../query/paths.mjs';
import { Filter } from '../query/filter.mjs';
import { checkHint } from '../query/hints.mjs';
import { Selection } from '../query/select.mjs';
import { ListStream } from '../query/streams.mjs';
import { Results, chain, decoder, neededFields, parsePipeline } from '../aggregate/pipeline.mjs';
import { openChangeStream } from '../changes/change-stream.mjs';
import { inTurns } from '../turns.mjs';
import { variablesOf } from '../aggregate/variables.mjs';

const CHECK_EVERY = 512;

function aggregate(context) {
  const { request, server } = context;
  const pipeline = request.array('pipeline');
  if (pipeline === undefined) throw new MongoError(40414, "BSON field 'aggregate.pipeline' is missing but a required field");
  if (request.bool('explain')) throw new MongoError('CommandNotSupported', 'explain is not supported by this server');
  if (request.raw('cursor') === undefined) {
    throw new MongoError('FailedToParse', "The 'cursor' option is required, except for aggregate with the explain argument");
  }
  if (request.document('collation') !== undefined) throw new MongoError('CommandNotSupported', 'Collation is not supported by this server');
  const batchSize = request.plain('cursor').batchSize;
  const parsed = parsePipeline(pipeline);
  if (parsed[0]?.name === '$changeStream') {
    return { cursor: server.cursors.first(context, context.namespace, openChangeStream(context, parsed), { batchSize }) };
  }
  const variables = variablesOf(server, request.document('let'));
  const [head] = parsed;
  const filter = head?.name === '$match' ? filterOf(head, variables) : Filter.all();
  const rest = head?.name === '$match' ? parsed.slice(1) : parsed;
  const results = new Results();
  const first = chain(rest, results, { variables, read: name => readAll(context, name) });
  if (request.fields.get('aggregate').type !== STRING) {
    throw new MongoError('CommandNotSupported', 'Aggregations without a collection are not supported by this server');
  }
  const collection = context.collection();
  checkHint(collection, request.plain('hint'));
  const finish = () => {
    first.end();
    return { cursor: server.cursors.first(context, context.namespace, new ListStream(results.documents), { batchSize }) };
  };
  if (collection === undefined) return finish();
  return inTurns(feeding(context, new Selection(collection, filter, context.view), first, decoder(neededFields(rest))), finish);
}

function filterOf({ raw }, variables) {
  if (raw.type !== OBJECT) throw new MongoError(15959, 'the match filter must be an expression in an object');
  return Filter.from(raw, variables);
}

/** Reads some documents into a pipeline with each call; says whether that was all. */
function feeding(context, selection, first, decode) {
  const { collection } = selection;
  return () => {
    context.checkTime();
    for (let read = 0; read < CHECK_EVERY; read++) {
      if (selection.next() < 0 || !first.push(decode(collection.buf, collection.at))) return true;
    }
    return false;
  };
}

function readAll(context, name) {
  const collection = context.server.catalog.find(context.db, name);
  if (collection === undefined) return [];
  const documents = [];
  const selection = new Selection(collection, Filter.all(), context.view);
  while (selection.next() >= 0) documents.push(plain(decodeDocument(collection.buf, collection.at)));
  return documents;
}

function distinct(context) {
  const { request } = context;
  const key = request.string('key');
  if (key === undefined) throw new MongoError(40414, "BSON field 'distinct.key' is missing but a required field");
  const path = new Path(key);
  const filter = Filter.from(request.document('query'));
  const values = new Map();
  const collection = context.collection();
  checkHint(collection, request.plain('hint'));
  if (collection === undefined) return { values: [] };
  const selection = new Selection(collection, filter, context.view);
  while (selection.next() >= 0) {
    path.any(collection.buf, collection.at, (buf, type, at) => {
      if (type === 0 || type === ARRAY) return false;
      const text = keyText(buf, type, at);
      if (!values.has(text)) values.set(text, new RawValue(type, ...copyOf(RawValue.at(buf, type, at))));
      return false;
    }, true);
  }
  return { values: [...values.values()] };
}

function copyOf({ buf, start, end }) {
  return [Buffer.from(buf.subarray(start, end)), 0, end - start];
}

export const aggregateCommands = {
  aggregate: {
    fields: ['pipeline', 'cursor', 'explain', 'allowDiskUse', 'bypassDocumentValidation', 'collation', 'hint', 'let', 'needsMerge', 'fromMongos'],
    inTransaction: true, opcounter: 'query',
    run: aggregate,
  },
  distinct: { fields: ['key', 'query', 'collation', 'hint'], inTransaction: true, run: distinct },
};
