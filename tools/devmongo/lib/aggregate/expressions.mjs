// Aggregation expressions, compiled to functions `(document, variables) => value`; undefined stands for "missing".
import { MongoError } from '../errors.mjs';
import { setField } from '../bson/values.mjs';
import { arithmeticOperators } from './arithmetic-operators.mjs';
import { arrayOperators } from './array-operators.mjs';
import { conditionalOperators } from './conditional-operators.mjs';
import { conversionOperators } from './conversion-operators.mjs';
import { dateOperators } from './date-operators.mjs';
import { hasMingoOperator, mingoOperator } from './mingo-operators.mjs';

// Put together when first asked for: operators compile expressions, so the modules need each other.
let table;

function operators() {
  table ??= { ...arithmeticOperators, ...arrayOperators, ...conditionalOperators, ...conversionOperators, ...dateOperators };
  return table;
}


export function isDocument(value) {
  return value !== null && typeof value === 'object' && value.constructor === Object;
}

export function compile(expression) {
  if (typeof expression === 'string' && expression.startsWith('$')) return compilePath(expression);
  if (Array.isArray(expression)) {
    const items = expression.map(compile);
    return (document, variables) => items.map(item => item(document, variables) ?? null);
  }
  if (isDocument(expression)) return compileDocument(expression);
  return () => expression;
}

/** Whether there is an expression operator of this name. */
export function hasOperator(name) {
  return Object.hasOwn(operators(), name) || hasMingoOperator(name);
}

/** The arguments of an operator: an array of them, or a single one. */
export function compileArguments(operand) {
  return Array.isArray(operand) ? operand.map(compile) : [compile(operand)];
}

function compileDocument(expression) {
  const names = Object.keys(expression);
  if (names.length > 0 && names[0].startsWith('$')) {
    if (names.length > 1) throw new MongoError(15983, 'an object representing an expression must have exactly one field');
    return compileOperator(names[0], expression[names[0]]);
  }
  const fields = names.map(name => {
    if (name.startsWith('$')) throw new MongoError(16410, `FieldPath field names may not start with '$'. Consider using $getField or $setField.`);
    if (name.includes('.')) throw new MongoError(16412, `FieldPath field names may not contain '.'.`);
    return [name, compile(expression[name])];
  });
  return (document, variables) => {
    const result = {};
    for (const [name, value] of fields) {
      const computed = value(document, variables);
      if (computed !== undefined) setField(result, name, computed);
    }
    return result;
  };
}

function compileOperator(name, operand) {
  const own = Object.hasOwn(operators(), name) ? operators()[name] : undefined;
  const compiled = own === undefined ? mingoOperator(name, operand) : own(operand, name);
  if (compiled === undefined) throw new MongoError('InvalidPipelineOperator', `Unrecognized expression '${name}'`);
  return compiled;
}

function compilePath(text) {
  if (!text.startsWith('$$')) {
    const names = splitPath(text.slice(1));
    if (names.length === 1) {
      const [name] = names;
      return document => (Object.hasOwn(document, name) ? document[name] : undefined);
    }
    return document => resolve(document, names, 0);
  }
  const [variable, ...names] = splitPath(text.slice(2));
  switch (variable) {
    case 'ROOT': case 'CURRENT': return document => resolve(document, names, 0);
    case 'REMOVE': return () => undefined;
    case 'NOW': return (document, variables) => variables.NOW;
    case 'CLUSTER_TIME': return (document, variables) => variables.CLUSTER_TIME;
    default:
      return (document, variables) => {
        if (!Object.hasOwn(variables, variable)) throw new MongoError(17276, `Use of undefined variable: ${variable}`);
        return resolve(variables[variable], names, 0);
      };
  }
}

export function splitPath(path) {
  if (path === '') throw new MongoError(40352, 'FieldPath cannot be constructed with empty string');
  const names = path.split('.');
  for (const name of names) {
    if (name === '') throw new MongoError(15998, 'FieldPath field names may not be empty strings.');
    if (name.startsWith('$')) throw new MongoError(16410, "FieldPath field names may not start with '$'. Consider using $getField or $setField.");
  }
  return names;
}

/** The value at a path; of an array, the values at it in each of its documents. */
export function resolve(value, names, from) {
  for (let i = from; i < names.length; i++) {
    if (Array.isArray(value)) {
      const found = [];
      for (const item of value) {
        const each = resolve(item, names, i);
        if (each !== undefined) found.push(each);
      }
      return found;
    }
    if (!isDocument(value) || !Object.hasOwn(value, names[i])) return undefined;
    value = value[names[i]];
  }
  return value;
}

/** Whether a value counts as true: not false, not null, not missing, not zero. */
export function truthy(value) {
  if (value === undefined || value === null || value === false) return false;
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value) !== 0;
  return !(value._bsontype === 'Int32' && value.value === 0);
}

export function isNullish(value) {
  return value === undefined || value === null;
}
