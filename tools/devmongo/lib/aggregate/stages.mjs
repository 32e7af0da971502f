// The stages of a pipeline. A stage is made from its specification and the stage after it; documents are pushed
// through: `push(document)` says whether more are wanted, `end()` tells that there are no more.
import { MongoError } from '../errors.mjs';
import { encodeDocument } from '../bson/writer.mjs';
import { plain } from '../bson/values.mjs';
import { Filter } from '../query/filter.mjs';
import { RawValue, OBJECT } from '../bson/raw.mjs';
import { parseAccumulator } from './accumulators.mjs';
import { compile, isDocument, resolve, splitPath } from './expressions.mjs';
import { isNumber, toDouble, whole } from './numbers.mjs';
import { compare, keyOf } from './order.mjs';
import { compileProject } from './projection.mjs';
import { withPath, withoutPath } from './paths.mjs';

/** A stage that handles each document by itself. */
function each(next, transform) {
  return { push: document => next.push(transform(document)), end: () => next.end() };
}

function match(specification, next, { variables }) {
  if (!isDocument(specification)) throw new MongoError(15959, 'the match filter must be an expression in an object');
  const encoded = encodeDocument(specification, true);
  const filter = Filter.from(new RawValue(OBJECT, encoded, 0, encoded.length), variables);
  return { push: document => !filter.test(encodeDocument(document, true), 0) || next.push(document), end: () => next.end() };
}

function addFields(specification, next, { variables }) {
  if (!isDocument(specification)) throw new MongoError(40272, '$addFields specification stage must be an object');
  const fields = flatten(specification, '');
  return each(next, document => fields.reduce((result, { names, value }) => {
    const computed = value(document, variables);
    return withPath(result, names, 0, () => computed);
  }, document));
}

function flatten(specification, prefix) {
  return Object.entries(specification).flatMap(([name, value]) => {
    const path = `${prefix}${name}`;
    const names = splitPath(path);
    const isNested = isDocument(value) && Object.keys(value).length > 0 && !Object.keys(value)[0].startsWith('$');
    return isNested ? flatten(value, `${path}.`) : [{ names, value: compile(value) }];
  });
}

function unset(specification, next) {
  const paths = (Array.isArray(specification) ? specification : [specification]).map(path => {
    if (typeof path !== 'string') throw new MongoError(31002, '$unset specification must be a string or an array of strings');
    return splitPath(path);
  });
  return each(next, document => paths.reduce((rest, names) => withoutPath(rest, names), document));
}

function project(specification, next, { variables }) {
  const transform = compileProject(specification);
  return each(next, document => transform(document, variables));
}

function replaceRoot(specification, next, { variables }) {
  if (!isDocument(specification) || !('newRoot' in specification)) {
    throw new MongoError(40231, "'newRoot' is missing in the $replaceRoot stage");
  }
  return replaceWith(specification.newRoot, next, { variables });
}

function replaceWith(expression, next, { variables }) {
  const root = compile(expression);
  return each(next, document => {
    const value = root(document, variables);
    if (!isDocument(value)) throw new MongoError(40228, "'newRoot' expression must evaluate to an object");
    return value;
  });
}

function group(specification, next, { variables }) {
  if (!isDocument(specification)) throw new MongoError(15947, "a group's fields must be specified in an object");
  if (!('_id' in specification)) throw new MongoError(15955, 'a group specification must include an _id');
  const id = compile(specification._id);
  const fields = Object.keys(specification).filter(name => name !== '_id').map(name => {
    const { make, expression } = parseAccumulator(name, specification[name]);
    return { name, make, value: compile(expression) };
  });
  const groups = new Map();
  return {
    push(document) {
      const key = id(document, variables) ?? null;
      const text = keyOf(key);
      let known = groups.get(text);
      if (known === undefined) groups.set(text, known = { key, states: fields.map(({ make }) => make()) });
      for (let i = 0; i < fields.length; i++) known.states[i].add(fields[i].value(document, variables));
      return true;
    },
    end() {
      for (const { key, states } of groups.values()) {
        const document = { _id: key };
        fields.forEach(({ name }, i) => { document[name] = states[i].result; });
        if (!next.push(document)) break;
      }
      next.end();
    },
  };
}

function sort(specification, next) {
  if (!isDocument(specification)) throw new MongoError(15973, 'the $sort key specification must be an object');
  const keys = Object.entries(specification).map(([path, direction]) => {
    const sign = isNumber(direction) ? toDouble(direction) : 0;
    if (sign !== 1 && sign !== -1) throw new MongoError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    return { names: splitPath(path), sign };
  });
  if (keys.length === 0) throw new MongoError(15976, '$sort stage must have at least one sort key');
  const rows = [];
  return {
    push(document) {
      rows.push({ document, values: keys.map(({ names, sign }) => sortValue(resolve(document, names, 0), sign)) });
      return true;
    },
    end() {
      rows.sort((a, b) => {
        for (let i = 0; i < keys.length; i++) {
          const order = compare(a.values[i], b.values[i]);
          if (order !== 0) return order * keys[i].sign;
        }
        return 0;
      });
      for (const { document } of rows) if (!next.push(document)) break;
      next.end();
    },
  };
}

function sortValue(value, sign) {
  if (!Array.isArray(value)) return value ?? null;
  return value.reduce((best, item) => (best === undefined || compare(item, best) * sign < 0 ? item : best), undefined);
}

function wholeNumber(value, name, least) {
  const number = isNumber(value) ? toDouble(value) : NaN;
  if (!Number.isInteger(number) || number < least) {
    throw new MongoError(name === '$limit' ? 15958 : 15956, `${name}: the value must be ${least > 0 ? 'positive' : 'non-negative'} and a whole number`);
  }
  return number;
}

function limit(specification, next) {
  let left = wholeNumber(specification, '$limit', 1);
  return {
    push(document) {
      left--;
      return next.push(document) && left > 0;
    },
    end: () => next.end(),
  };
}

function skip(specification, next) {
  let left = wholeNumber(specification, '$skip', 0);
  return { push: document => (left > 0 ? left-- > 0 : next.push(document)), end: () => next.end() };
}

function count(specification, next) {
  if (typeof specification !== 'string' || specification === '' || specification.startsWith('$') || specification.includes('.')) {
    throw new MongoError(40156, 'the count field must be a non-empty string without $ and dots');
  }
  let counted = 0;
  return {
    push() {
      counted++;
      return true;
    },
    end() {
      if (counted > 0) next.push({ [specification]: whole(counted) });
      next.end();
    },
  };
}

function sortByCount(expression, next, environment) {
  return group({ _id: expression, count: { $sum: whole(1) } }, sort({ count: whole(-1) }, next, environment), environment);
}

function bucket(specification, next, environment) {
  const { groupBy, boundaries, default: otherwise, output = { count: { $sum: whole(1) } } } = specification;
  if (groupBy === undefined || !Array.isArray(boundaries) || boundaries.length < 2) {
    throw new MongoError(40198, "$bucket requires 'groupBy' and 'boundaries', an array of at least two values");
  }
  for (let i = 1; i < boundaries.length; i++) {
    if (compare(boundaries[i - 1], boundaries[i]) >= 0) throw new MongoError(40194, "The 'boundaries' option to $bucket must be sorted in ascending order");
  }
  const branches = boundaries.slice(1).map((upper, i) => ({
    case: { $and: [{ $gte: [groupBy, { $literal: boundaries[i] }] }, { $lt: [groupBy, { $literal: upper }] }] },
    then: { $literal: boundaries[i] },
  }));
  const place = { $switch: { branches, ...otherwise === undefined ? {} : { default: { $literal: otherwise } } } };
  return group({ _id: place, ...output }, sort({ _id: whole(1) }, next, environment), environment);
}

function unwind(specification, next) {
  const { path, includeArrayIndex, preserveNullAndEmptyArrays = false } = typeof specification === 'string' ? { path: specification } : plain(specification);
  if (typeof path !== 'string' || !path.startsWith('$')) {
    throw new MongoError(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`);
  }
  const names = splitPath(path.slice(1));
  const place = (document, value, index) => {
    const placed = value === undefined ? withoutPath(document, names) : withPath(document, names, 0, () => value);
    return includeArrayIndex === undefined ? placed : withPath(placed, splitPath(includeArrayIndex), 0, () => index);
  };
  return {
    push(document) {
      const value = resolve(document, names, 0);
      if (!Array.isArray(value)) {
        const isThere = value !== undefined && value !== null;
        return isThere || preserveNullAndEmptyArrays ? next.push(place(document, value, null)) : true;
      }
      if (value.length === 0) return preserveNullAndEmptyArrays ? next.push(place(document, undefined, null)) : true;
      return value.every((item, i) => next.push(place(document, item, BigInt(i))));
    },
    end: () => next.end(),
  };
}

function facet(specification, next, environment) {
  if (!isDocument(specification)) throw new MongoError(40169, 'the $facet specification must be a non-empty object');
  const facets = Object.entries(specification).map(([name, stages]) => {
    const results = [];
    const sink = { push: document => results.push(document) > 0, end: () => {} };
    return { name, results, first: environment.chain(stages, sink, environment), wants: true };
  });
  return {
    push(document) {
      for (const each of facets) each.wants &&= each.first.push(document);
      return true;
    },
    end() {
      for (const { first } of facets) first.end();
      next.push(Object.fromEntries(facets.map(({ name, results }) => [name, results])));
      next.end();
    },
  };
}

export const stages = {
  $match: match, $addFields: addFields, $set: addFields, $unset: unset, $project: project, $replaceRoot: replaceRoot, $replaceWith: replaceWith,
  $group: group, $sort: sort, $limit: limit, $skip: skip, $count: count, $sortByCount: sortByCount, $bucket: bucket, $unwind: unwind, $facet: facet,
};
