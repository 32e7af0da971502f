// Stages that are not ours come from mingo; see mingo-operators.mjs for what that does to number types.
import accumulators from 'mingo/operators/accumulator';
import expressions from 'mingo/operators/expression';
import pipelineStages from 'mingo/operators/pipeline';
import queries from 'mingo/operators/query';
import windows from 'mingo/operators/window';
import mingo from 'mingo';
import core from 'mingo/core';
import { MongoError } from '../errors.mjs';
import { plain } from '../bson/values.mjs';
import { typed } from './mingo-operators.mjs';

const REFUSED = new Set(['$out', '$merge', '$documents']);
const context = core.Context.init({ accumulator: accumulators, expression: expressions, pipeline: pipelineStages, query: queries, window: windows });

/** A stage of mingo's; undefined if it has none of that name. `read(name)` gives the documents of another collection. */
export function mingoStage(name, specification, next, { read }) {
  if (REFUSED.has(name)) throw new MongoError('CommandNotSupported', `The stage ${name} is not supported by this server`);
  if (!Object.hasOwn(pipelineStages, name)) return undefined;
  const documents = [];
  return {
    push(document) {
      documents.push(plain(document));
      return true;
    },
    end() {
      const options = { context, collectionResolver: read, scriptEnabled: false };
      let results;
      try {
        results = new mingo.Aggregator([{ [name]: plain(specification) }], options).run(documents);
      } catch (error) {
        throw new MongoError('BadValue', `${name}: ${error.message}`);
      }
      for (const result of results) if (!next.push(typed(result))) break;
      next.end();
    },
  };
}
