// Compares a reply with the answer it should be.
import { Binary, Double, Int32, Long } from 'bson';
import { ANY, CURSOR } from './vocabulary.mjs';

// What every reply of a replica set may carry beside its own fields.
const TIMES = new Set(['$clusterTime', 'operationTime', 'electionId', 'opTime']);

/**
 * The differences between a reply and what is expected, as lines of text; none if it matches. `remember` is told the ids
 * of open cursors. A `strict` comparison wants the same messages and no more fields than expected.
 */
export function differences(actual, expected, { strict, remember, path = '' }) {
  const options = { strict, remember };
  if (expected === ANY) return actual === undefined ? [`${path} is missing`] : [];
  if (expected === CURSOR) {
    if (!Long.isLong(actual) || actual.isZero()) return [`${path} is ${show(actual)}, not the id of an open cursor`];
    remember(actual);
    return [];
  }
  if (expected instanceof RegExp) return !strict || expected.test(actual) ? [] : [`${path} is ${show(actual)}, not ${expected}`];
  if (typeof expected === 'number') {
    const number = actual instanceof Int32 ? actual.value : Long.isLong(actual) ? actual.toNumber() : NaN;
    return number === expected ? [] : [`${path} is ${show(actual)}, not the whole number ${expected}`];
  }
  if (expected instanceof Double) {
    return actual instanceof Double && actual.value === expected.value ? [] : [`${path} is ${show(actual)}, not the double ${expected.value}`];
  }
  if (Array.isArray(expected)) return arrayDifferences(actual, expected, path, options);
  if (expected?.anyOrder !== undefined) return unorderedDifferences(actual, expected.anyOrder, path, options);
  if (isDocument(expected)) return documentDifferences(actual, expected, path, options);
  if (path.endsWith('.errmsg') && !strict) return typeof actual === 'string' ? [] : [`${path} is ${show(actual)}, not a text`];
  return show(actual) === show(expected) ? [] : [`${path} is ${show(actual)}, not ${show(expected)}`];
}

function isDocument(value) {
  return value !== null && typeof value === 'object' && value.constructor === Object;
}

function arrayDifferences(actual, expected, path, options) {
  if (!Array.isArray(actual)) return [`${path} is ${show(actual)}, not an array`];
  if (actual.length !== expected.length) return [`${path} has ${actual.length} elements, not ${expected.length}: ${show(actual)}`];
  return expected.flatMap((item, i) => differences(actual[i], item, { ...options, path: `${path}[${i}]` }));
}

function unorderedDifferences(actual, expected, path, options) {
  if (!Array.isArray(actual) || actual.length !== expected.length) return [`${path} is ${show(actual)}`];
  return expected.filter(item => !actual.some(each => differences(each, item, options).length === 0))
    .map(item => `${path} lacks ${show(item)}: ${show(actual)}`);
}

function documentDifferences(actual, expected, path, options) {
  if (!isDocument(actual)) return [`${path} is ${show(actual)}, not a document`];
  const found = Object.keys(expected).flatMap(name => differences(actual[name], expected[name], { ...options, path: `${path}.${name}` }));
  const extra = Object.keys(actual).filter(name => !(name in expected) && !TIMES.has(name));
  if (options.strict && extra.length > 0) found.push(`${path} also has ${extra.join(', ')}: ${show(actual)}`);
  // In a result, the order of fields counts.
  if (path.includes('Batch[') && Object.keys(actual).join() !== Object.keys(expected).join()) found.push(`${path} has its fields in the order ${Object.keys(actual)}`);
  return found;
}

function show(value) {
  if (value instanceof Binary) return `binary ${Buffer.from(value.buffer.subarray(0, value.position)).toString('hex')}`;
  return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? String(each) : each)) ?? 'missing';
}
