// Runs a pipeline over documents.
import { MongoError } from '../errors.mjs';
import { Elements, OBJECT, RawValue } from '../bson/raw.mjs';
import { decodeDocument, decodeValue, setField } from '../bson/values.mjs';
import { MAX_DOCUMENT } from '../bson/validate.mjs';
import { encodeDocument } from '../bson/writer.mjs';
import { isDocument } from './expressions.mjs';
import { mingoStage } from './mingo-stages.mjs';
import { stages } from './stages.mjs';

const NOT_HERE = new Set(['$currentOp', '$indexStats', '$collStats', '$geoNear', '$listSessions', '$planCacheStats', '$listLocalSessions']);

/** Reads a pipeline: `{name, specification, raw}` for each stage; `raw` is the specification as it lies in the message. */
export function parsePipeline(value) {
  const parsed = [];
  for (const it = new Elements(value.buf, value.start); it.next();) {
    if (it.type !== OBJECT) throw new MongoError('TypeMismatch', "Each element of the 'pipeline' array must be an object");
    const stage = new Elements(it.buf, it.value);
    if (!stage.next()) throw new MongoError(40323, 'A pipeline stage specification object must contain exactly one field.');
    const { name } = stage;
    const raw = RawValue.at(it.buf, stage.type, stage.value);
    if (stage.next()) throw new MongoError(40323, 'A pipeline stage specification object must contain exactly one field.');
    parsed.push({ name, raw, specification: decodeValue(raw.buf, raw.type, raw.start) });
  }
  return parsed;
}

/** Links stages in front of a sink; gives the first. */
export function chain(parsed, sink, environment) {
  const list = parsed.map(stage => (stage.name === undefined ? nameOf(stage) : stage));
  return list.reduceRight((next, { name, specification }) => {
    const make = Object.hasOwn(stages, name) ? stages[name] : undefined;
    const stage = make === undefined ? mingoStage(name, specification, next, environment) : make(specification, next, { ...environment, chain });
    if (stage === undefined) throw unknownStage(name);
    return stage;
  }, sink);
}

/** A stage of a nested pipeline, which is a decoded document. */
function nameOf(stage) {
  if (!isDocument(stage) || Object.keys(stage).length !== 1) {
    throw new MongoError(40323, 'A pipeline stage specification object must contain exactly one field.');
  }
  const [name] = Object.keys(stage);
  return { name, specification: stage[name] };
}

function unknownStage(name) {
  if (name === '$changeStream') return new MongoError(40602, '$changeStream is only valid as the first stage in a pipeline.');
  if (NOT_HERE.has(name)) return new MongoError('CommandNotSupported', `The stage ${name} is not supported by this server`);
  return new MongoError(40324, `Unrecognized pipeline stage name: '${name}'`);
}

/** Collects what a pipeline gives, encoded, in `{buf, start, end}`. */
export class Results {
  constructor() {
    this.documents = [];
  }

  push(document) {
    const buf = encodeDocument(document, true);
    if (buf.length > MAX_DOCUMENT) {
      throw new MongoError('BSONObjectTooLarge', `BSONObj size: ${buf.length} is invalid. Size must be between 0 and ${MAX_DOCUMENT}`);
    }
    this.documents.push({ buf, start: 0, end: buf.length });
    return true;
  }

  end() {
    // All is in `documents`.
  }
}

/** The top-level fields that stages read before one of them makes new documents; undefined if they may read any. */
export function neededFields(parsed) {
  const names = new Set();
  for (const { name, specification } of parsed) {
    switch (name) {
      case '$limit': case '$skip': break;
      case '$sort': Object.keys(specification).forEach(path => names.add(path.split('.')[0])); break;
      case '$count': return names;
      case '$group': case '$sortByCount': return collectPaths(specification, names) ? names : undefined;
      default: return undefined;
    }
  }
  return undefined;
}

function collectPaths(expression, names) {
  if (typeof expression === 'string' && expression.startsWith('$')) {
    if (expression.startsWith('$$') && !expression.startsWith('$$NOW')) return false;
    names.add(expression.slice(1).split('.')[0]);
    return true;
  }
  if (Array.isArray(expression)) return expression.every(item => collectPaths(item, names));
  if (isDocument(expression)) return Object.values(expression).every(item => collectPaths(item, names));
  return true;
}

/** Decodes documents, only the given top-level fields if there are any given. */
export function decoder(fields) {
  if (fields === undefined) return decodeDocument;
  const wanted = [...fields].map(name => ({ name, bytes: Buffer.from(name) }));
  return (buf, at) => {
    const document = {};
    if (wanted.length === 0) return document;
    for (const it = new Elements(buf, at); it.next();) {
      for (const { name, bytes } of wanted) {
        if (it.nameEnd - it.nameStart !== bytes.length || bytes.compare(buf, it.nameStart, it.nameEnd) !== 0) continue;
        setField(document, name, decodeValue(buf, it.type, it.value));
        break;
      }
    }
    return document;
  };
}
