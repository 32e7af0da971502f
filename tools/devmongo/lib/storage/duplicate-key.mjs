import { MongoError } from '../errors.mjs';
import { RawValue, findPath, foundType, pathParts } from '../bson/raw.mjs';
import { describeValue } from '../bson/describe.mjs';

/** The error of a second document with the key of a unique index. `index` is its name and key pattern. */
export function duplicateKey(namespace, index, buf, at) {
  const keyValue = {};
  const texts = [];
  for (const path of Object.keys(index.key)) {
    const value = findPath(buf, at, pathParts(path));
    const found = value >= 0 ? RawValue.at(buf, foundType, value) : null;
    keyValue[path] = found;
    texts.push(`${path}: ${found === null ? 'null' : describeValue(found.buf, found.type, found.start)}`);
  }
  return new MongoError('DuplicateKey',
    `E11000 duplicate key error collection: ${namespace} index: ${index.name} dup key: { ${texts.join(', ')} }`,
    { keyPattern: index.key, keyValue });
}
