// Projections of find and findAndModify: inclusion and exclusion are done on the bytes.
import { MongoError } from '../errors.mjs';
import { ARRAY, BOOL, OBJECT, Elements, isNumeric, readInt32, typeName } from '../bson/raw.mjs';
import { readNumber } from '../bson/compare.mjs';
import { Writer } from '../bson/writer.mjs';
import { compileComputedProjection } from '../aggregate/computed-projection.mjs';

/** Makes a function `(buf, at) => {buf, start, end}` from a projection; undefined if it changes nothing. */
export function compileProjection(value) {
  if (value === undefined || readInt32(value.buf, value.start) === 5) return undefined;
  const tree = new Map();
  let includes;
  let id;
  for (const it = new Elements(value.buf, value.start); it.next();) {
    const flag = flagOf(it);
    if (flag === undefined) return compileComputedProjection(value);
    if (it.name === '_id') {
      id = flag;
      continue;
    }
    if (includes !== undefined && includes !== flag) {
      throw new MongoError(flag ? 31253 : 31254, `Cannot do ${flag ? 'inclusion' : 'exclusion'} on field ${it.name} in `
        + `${flag ? 'exclusion' : 'inclusion'} projection`);
    }
    includes = flag;
    addPath(tree, it.name);
  }
  includes ??= id;
  if (includes) {
    if (id !== false) tree.set('_id', undefined);
  } else if (id === false) {
    tree.set('_id', undefined);
  }
  return (buf, at) => {
    const writer = new Writer(readInt32(buf, at));
    copy(writer, buf, at, tree, includes);
    return { buf: writer.buf, start: 0, end: writer.pos };
  };
}

function flagOf(it) {
  if (it.type === BOOL) return it.buf[it.value] === 1;
  if (isNumeric(it.type)) return Number(readNumber(it.buf, it.type, it.value)) !== 0;
  if (it.type === OBJECT || it.type === ARRAY || it.type === 2) return undefined;
  throw new MongoError('BadValue', `A projection cannot be of type ${typeName(it.type)}`);
}

function addPath(tree, path) {
  const names = path.split('.');
  let node = tree;
  names.forEach((name, i) => {
    if (name === '' || name.startsWith('$')) throw new MongoError('BadValue', `Projection path '${path}' is not supported`);
    const isLast = i === names.length - 1;
    if (node.has(name) && (isLast || node.get(name) === undefined)) throw new MongoError(31250, `Path collision at ${path}`);
    if (isLast) node.set(name, undefined);
    else if (!node.has(name)) node.set(name, new Map());
    node = node.get(name);
  });
}

/** Copies what a tree of names includes, or all but what it excludes. */
function copy(writer, buf, at, tree, includes) {
  const mark = writer.begin();
  for (const it = new Elements(buf, at); it.next();) {
    const { name } = it;
    const elementStart = it.nameStart - 1;
    if (!tree.has(name)) {
      if (!includes) writer.bytes(buf, elementStart, it.valueEnd);
      continue;
    }
    const node = tree.get(name);
    if (node === undefined) {
      if (includes) writer.bytes(buf, elementStart, it.valueEnd);
    } else if (it.type === OBJECT || it.type === ARRAY) {
      writer.bytes(buf, elementStart, it.value);
      if (it.type === OBJECT) copy(writer, buf, it.value, node, includes);
      else copyArray(writer, buf, it.value, node, includes);
    } else if (!includes) {
      writer.bytes(buf, elementStart, it.valueEnd);
    }
  }
  writer.end(mark);
}

function copyArray(writer, buf, at, tree, includes) {
  const mark = writer.begin();
  let count = 0;
  for (const it = new Elements(buf, at); it.next();) {
    if (it.type === OBJECT || it.type === ARRAY) {
      writer.header(it.type, String(count++));
      if (it.type === OBJECT) copy(writer, buf, it.value, tree, includes);
      else copyArray(writer, buf, it.value, tree, includes);
    } else if (!includes) {
      writer.header(it.type, String(count++));
      writer.bytes(buf, it.value, it.valueEnd);
    }
  }
  writer.end(mark);
}
