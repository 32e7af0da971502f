// $project on decoded documents: inclusion, exclusion and computed fields.
import { MongoError } from '../errors.mjs';
import { setField } from '../bson/values.mjs';
import { compile, hasOperator, isDocument, splitPath, truthy } from './expressions.mjs';
import { isNumber } from './numbers.mjs';
import { withoutPath } from './paths.mjs';

const INCLUDE = Symbol('include');

function isFlag(value) {
  return typeof value === 'boolean' || isNumber(value);
}

/** Makes `(document, variables) => document` from a specification. */
export function compileProject(specification) {
  if (!isDocument(specification)) throw new MongoError(15969, '$project specification must be an object');
  const flat = flatten(specification);
  if (flat.length === 0) throw new MongoError(51272, 'projection specification must have at least one field');
  const others = flat.filter(({ path }) => path !== '_id');
  const idEntry = flat.find(({ path }) => path === '_id');
  const isExclusion = others.length > 0 ? others.every(({ value }) => isFlag(value) && !truthy(value)) : isFlag(idEntry.value) && !truthy(idEntry.value);
  if (isExclusion) return exclusion(flat);
  for (const { path, value } of others) {
    if (isFlag(value) && !truthy(value)) throw new MongoError(31254, `Cannot do exclusion on field ${path} in inclusion projection`);
  }
  const dropsId = idEntry !== undefined && isFlag(idEntry.value) && !truthy(idEntry.value);
  return inclusion(flat.filter(({ path }) => !(path === '_id' && dropsId)), dropsId || idEntry !== undefined);
}

/** Nested specifications as dotted paths. */
function flatten(specification, prefix = '') {
  return Object.entries(specification).flatMap(([name, value]) => {
    const path = `${prefix}${name}`;
    splitPath(path);
    const isNested = isDocument(value) && Object.keys(value).length > 0 && !Object.keys(value)[0].startsWith('$');
    return isNested ? flatten(value, `${path}.`) : [{ path, value }];
  });
}

function exclusion(flat) {
  for (const { path, value } of flat) {
    if (path === '_id' && truthy(value)) continue;
    if (truthy(value)) throw new MongoError(31253, `Cannot do inclusion on field ${path} in exclusion projection`);
  }
  const paths = flat.filter(({ value }) => !truthy(value)).map(({ path }) => splitPath(path));
  return document => paths.reduce((rest, names) => withoutPath(rest, names), document);
}

function inclusion(flat, saysId) {
  const included = new Map();
  const computed = [];
  if (!saysId) included.set('_id', INCLUDE);
  for (const { path, value } of flat) {
    if (isFlag(value)) includePath(included, splitPath(path), path);
    else computed.push({ names: splitPath(path), value: compileField(value) });
  }
  return (document, variables) => {
    const result = pick(document, included);
    for (const { names, value } of computed) setPath(result, names, value(document, variables));
    return result;
  };
}

function compileField(value) {
  const [name] = isDocument(value) ? Object.keys(value) : [];
  if (name?.startsWith('$') && !hasOperator(name)) {
    throw new MongoError(31325, `Invalid $project :: caused by :: Unknown expression ${name}`);
  }
  return compile(value);
}

function includePath(node, names, path) {
  names.forEach((name, i) => {
    const isLast = i === names.length - 1;
    if (node.get(name) === INCLUDE || (isLast && node.has(name))) throw new MongoError(31250, `Path collision at ${path}`);
    if (isLast) node.set(name, INCLUDE);
    else if (!node.has(name)) node.set(name, new Map());
    node = node.get(name);
  });
}

function pick(document, node) {
  const result = {};
  for (const name of Object.keys(document)) {
    const wanted = node.get(name);
    if (wanted === undefined) continue;
    const value = wanted === INCLUDE ? document[name] : pickWithin(document[name], wanted);
    if (value !== undefined) setField(result, name, value);
  }
  return result;
}

function pickWithin(value, node) {
  if (Array.isArray(value)) return value.map(item => pickWithin(item, node)).filter(item => item !== undefined);
  return isDocument(value) ? pick(value, node) : undefined;
}

function setPath(document, names, value) {
  if (value === undefined) return;
  let at = document;
  for (const name of names.slice(0, -1)) {
    if (!isDocument(at[name])) setField(at, name, {});
    else at[name] = { ...at[name] };
    at = at[name];
  }
  setField(at, names.at(-1), value);
}
