// Updates with a pipeline.
import { MongoError } from '../errors.mjs';
import { decodeDocument } from '../bson/values.mjs';
import { chain, parsePipeline, Results } from '../aggregate/pipeline.mjs';

const ALLOWED = new Set(['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith']);

/** The document after the pipeline: `[buf, at]`. */
export function applyPipeline(value, buf, at, variables) {
  const parsed = parsePipeline(value);
  for (const { name } of parsed) {
    if (!ALLOWED.has(name)) throw new MongoError('InvalidOptions', `${name} is not allowed to be used within an update`);
  }
  const results = new Results();
  const first = chain(parsed, results, { variables, read: () => [] });
  first.push(decodeDocument(buf, at));
  first.end();
  return [results.documents[0].buf, 0];
}
