// An update, made from its BSON: operators, a replacement or a pipeline. `apply` gives the new document's bytes.
import { ObjectId } from 'bson';
import { MongoError } from '../errors.mjs';
import { compareValues } from '../bson/compare.mjs';
import { describeValue } from '../bson/describe.mjs';
import { ARRAY, OBJECT, OBJECT_ID, Elements, RawValue, readInt32, typeName } from '../bson/raw.mjs';
import { MAX_DOCUMENT } from '../bson/validate.mjs';
import { Writer } from '../bson/writer.mjs';
import { ONLY_PRESENT, OPERATORS, applyOperator, checkOperand } from './operators.mjs';
import { applyPipeline } from './pipeline.mjs';
import { Branch, flatten } from './tree.mjs';

const DIGITS = /^\d+$/;
const writer = new Writer(4096);

/** Reads the `u` of an update statement. */
export function parseUpdate(value, { now, variables }) {
  if (value.type === ARRAY) return new PipelineUpdate(value, variables);
  if (value.type !== OBJECT) {
    throw new MongoError('FailedToParse', 'Update argument must be either an object or an array');
  }
  const isOperators = readInt32(value.buf, value.start) > 5 && value.buf[value.start + 5] === 0x24;
  return isOperators ? new OperatorUpdate(value, now) : new ReplacementUpdate(value);
}

class OperatorUpdate {
  constructor(value, now) {
    this.isReplacement = false;
    this.now = now;
    this.changes = [];
    for (const it = new Elements(value.buf, value.start); it.next();) this.#parseOperator(it.name, RawValue.at(it.buf, it.type, it.value));
    this.changes.sort((a, b) => comparePaths(a.names, b.names));
    for (let i = 1; i < this.changes.length; i++) checkConflict(this.changes[i - 1], this.changes[i]);
  }

  #parseOperator(operator, fields) {
    if (!OPERATORS.has(operator)) {
      throw new MongoError('FailedToParse',
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`);
    }
    if (fields.type !== OBJECT) {
      throw new MongoError('FailedToParse', `Modifiers operate on fields but we found type ${typeName(fields.type)} instead. For example: `
        + '{$mod: {<field>: ...}}');
    }
    for (const it = new Elements(fields.buf, fields.start); it.next();) {
      const operand = RawValue.at(it.buf, it.type, it.value);
      if (operator === '$rename') this.#addRename(it.name, operand);
      else this.#add(operator, it.name, operand);
    }
  }

  #add(operator, path, operand) {
    checkOperand(operator, path, operand);
    this.changes.push({ operator, path, names: splitPath(path), operand });
  }

  #addRename(from, operand) {
    if (operand.type !== 2) throw new MongoError('BadValue', `The 'to' field for $rename must be a string: ${from}: ${typeName(operand.type)}`);
    const to = operand.buf.utf8Slice(operand.start + 4, operand.end - 1);
    this.changes.push({ operator: '$renameFrom', path: from, names: splitPath(from), to });
    this.changes.push({ operator: '$renameTo', path: to, names: splitPath(to), from });
  }

  apply(buf, at, isInsert = false) {
    const root = Branch.of(buf, at);
    this.applyTo(root, isInsert);
    return finishDocument(root, idOf(buf, at));
  }

  /** Changes a document that need not have an `_id`. */
  applyToFragment(buf, at) {
    const root = Branch.of(buf, at);
    this.applyTo(root, false);
    return flatten(root).buf;
  }

  /** Changes the parsed document. */
  applyTo(root, isInsert) {
    const describeId = () => {
      const id = root.get('_id');
      if (id === undefined) return '{}';
      const { buf, type, start } = flatten(id);
      return `{_id: ${describeValue(buf, type, start)}}`;
    };
    const renamed = new Map();
    for (const { operator, path, names, to } of this.changes) {
      if (operator === '$renameFrom') renamed.set(to, take(root, names, path));
    }
    for (const { operator, path, names, operand } of this.changes) {
      if (operator === '$renameFrom' || (operator === '$setOnInsert' && !isInsert)) continue;
      if (operator === '$renameTo') {
        const value = renamed.get(path);
        if (value !== undefined) descend(root, names, path, true, describeId).set(names.at(-1), value);
        continue;
      }
      const parent = descend(root, names, path, !ONLY_PRESENT.has(operator), describeId);
      if (parent === undefined) continue;
      const name = names.at(-1);
      applyOperator(operator, { parent, name, current: parent.get(name), operand, path, now: this.now, describeId });
    }
  }

  /** Makes the document of an upsert from what the filter says must be equal. */
  insertFrom(filter) {
    const root = new Branch(OBJECT);
    for (const { path, operator, operand } of filter.terms) {
      if (operator !== '$eq' && !(operator === '$in' && filter.valuesOf(path)?.length === 1)) continue;
      const value = operator === '$eq' ? operand : filter.valuesOf(path)[0];
      const names = splitPath(path);
      descend(root, names, path, true, () => '{}').set(names.at(-1), value);
    }
    const id = root.get('_id');
    this.applyTo(root, true);
    return finishDocument(root, id === undefined ? undefined : flatten(id));
  }
}

class ReplacementUpdate {
  constructor(value) {
    this.isReplacement = true;
    this.value = value;
    for (const it = new Elements(value.buf, value.start); it.next();) {
      if (it.buf[it.nameStart] === 0x24) {
        throw new MongoError('DollarPrefixedFieldName', `The dollar ($) prefixed field '${it.name}' in '${it.name}' is not allowed in the context of an `
          + "update's replacement document. Consider using an aggregation pipeline with $replaceWith.");
      }
    }
  }

  apply(buf, at) {
    const id = idOf(buf, at);
    const root = Branch.of(this.value.buf, this.value.start);
    if (root.get('_id') === undefined) root.set('_id', id);
    return finishDocument(root, id);
  }

  insertFrom(filter) {
    const root = Branch.of(this.value.buf, this.value.start);
    const id = filter.valuesOf('_id');
    if (id?.length === 1 && root.get('_id') === undefined) root.set('_id', id[0]);
    return finishDocument(root, id?.length === 1 ? id[0] : undefined);
  }
}

class PipelineUpdate {
  constructor(value, variables) {
    this.isReplacement = false;
    this.value = value;
    this.variables = variables;
  }

  apply(buf, at) {
    const root = Branch.of(...applyPipeline(this.value, buf, at, this.variables));
    const id = idOf(buf, at);
    if (root.get('_id') === undefined) root.set('_id', id);
    return finishDocument(root, id);
  }

  insertFrom(filter) {
    const base = Buffer.from(new OperatorUpdate(new RawValue(OBJECT, EMPTY_DOCUMENT, 0, 5), 0).insertFrom(filter));
    const root = Branch.of(...applyPipeline(this.value, base, 0, this.variables));
    const id = filter.valuesOf('_id');
    return finishDocument(root, id?.length === 1 ? id[0] : undefined);
  }
}

const EMPTY_DOCUMENT = Buffer.from([5, 0, 0, 0, 0]);

function idOf(buf, at) {
  return RawValue.at(buf, buf[at + 4], at + 9);
}

/** Puts `_id` first (making one if there is none), checks that it did not change, and writes the document. */
function finishDocument(root, expectedId) {
  const place = root.indexOf('_id');
  if (place < 0 && expectedId !== undefined) throw immutableId();
  const id = place < 0 ? new RawValue(OBJECT_ID, Buffer.from(new ObjectId().id), 0, 12) : flatten(root.values[place]);
  if (expectedId !== undefined && compareValues(id.buf, id.type, id.start, expectedId.buf, expectedId.type, expectedId.start) !== 0) throw immutableId();
  if (place > 0) {
    root.names.splice(place, 1);
    root.values.splice(place, 1);
  }
  if (place !== 0) {
    root.names.unshift('_id');
    root.values.unshift(id);
  }
  writer.pos = 0;
  root.write(writer);
  if (writer.pos > MAX_DOCUMENT) {
    throw new MongoError(17419, `Resulting document after update is larger than ${MAX_DOCUMENT}`);
  }
  return writer.finish();
}

function immutableId() {
  return new MongoError('ImmutableField', "Performing an update on the path '_id' would modify the immutable field '_id'");
}

function splitPath(path) {
  if (path === '') throw new MongoError('EmptyFieldName', 'An empty update path is not valid.');
  const names = path.includes('.') ? path.split('.') : [path];
  for (const name of names) {
    if (name === '') throw new MongoError('EmptyFieldName', `The update path '${path}' contains an empty field name, which is not allowed.`);
    if (name === '$' || name.startsWith('$[')) throw new MongoError('BadValue', 'The positional operators of updates are not supported by this server');
    if (name.startsWith('$')) {
      throw new MongoError('DollarPrefixedFieldName', `The dollar ($) prefixed field '${name}' in '${path}' is not valid for storage.`);
    }
  }
  return names;
}

/** Names in order; those that are numbers by their value. */
function comparePaths(a, b) {
  for (let i = 0; i < a.length && i < b.length; i++) {
    if (a[i] === b[i]) continue;
    if (DIGITS.test(a[i]) && DIGITS.test(b[i])) return Number(a[i]) - Number(b[i]);
    return a[i] < b[i] ? -1 : 1;
  }
  return a.length - b.length;
}

function checkConflict(a, b) {
  if (a.names.length > b.names.length || !a.names.every((name, i) => name === b.names[i])) return;
  throw new MongoError('ConflictingUpdateOperators', `Updating the path '${b.path}' would create a conflict at '${a.path}'`);
}

/** The branch that holds the last name of a path; makes what is missing on the way if asked to, else undefined. */
function descend(root, names, path, create, describeId) {
  let branch = root;
  for (let depth = 0; depth < names.length - 1; depth++) {
    const i = branch.indexOf(names[depth]);
    if (i < 0) {
      if (!create) return undefined;
      requireIndex(branch, names, depth, path);
      const made = new Branch(OBJECT);
      branch.set(names[depth], made);
      branch = made;
      continue;
    }
    const next = branch.branchAt(i);
    if (next === undefined) {
      if (!create) return undefined;
      const value = branch.values[i];
      throw new MongoError('PathNotViable', `Cannot create field '${names[depth + 1]}' in element `
        + `{${names[depth]}: ${describeValue(value.buf, value.type, value.start)}}`);
    }
    branch = next;
  }
  if (create) requireIndex(branch, names, names.length - 1, path);
  return branch;
}

function requireIndex(branch, names, depth, path) {
  if (branch.type === ARRAY && !DIGITS.test(names[depth])) {
    throw new MongoError('PathNotViable', `Cannot create field '${names[depth]}' in element {${names[depth - 1] ?? path}: array}`);
  }
}

function take(root, names, path) {
  const parent = descend(root, names, path, false, () => '{}');
  const name = names.at(-1);
  const value = parent?.get(name);
  if (value !== undefined) parent.delete(name);
  return value;
}
