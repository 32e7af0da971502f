// Setting and removing dotted paths in decoded documents, as $addFields and $unset do. Documents are copied on the way
// down, never changed in place.
import { setField } from '../bson/values.mjs';
import { isDocument } from './expressions.mjs';

/** A copy with `make(current)` at the path; undefined removes what is there. In arrays, in each of their elements. */
export function withPath(value, names, depth, make) {
  if (Array.isArray(value)) return value.map(item => withPath(item, names, depth, make));
  const copy = isDocument(value) ? copyOf(value) : {};
  const name = names[depth];
  const current = isDocument(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  const next = depth === names.length - 1 ? make(current) : withPath(current, names, depth + 1, make);
  if (next === undefined) delete copy[name];
  else setField(copy, name, next);
  return copy;
}

function copyOf(document) {
  const copy = {};
  for (const name of Object.keys(document)) setField(copy, name, document[name]);
  return copy;
}

/** A copy without what is at the path. */
export function withoutPath(value, names, depth = 0) {
  if (Array.isArray(value)) return value.map(item => withoutPath(item, names, depth));
  if (!isDocument(value) || !Object.hasOwn(value, names[depth])) return value;
  const copy = copyOf(value);
  if (depth === names.length - 1) delete copy[names[depth]];
  else copy[names[depth]] = withoutPath(value[names[depth]], names, depth + 1);
  return copy;
}
