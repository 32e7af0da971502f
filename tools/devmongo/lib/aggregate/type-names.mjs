// What $type calls the type of a decoded value.
import { BSONRegExp, Binary, Decimal128, Int32, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';

const CLASSES = [[Int32, 'int'], [Date, 'date'], [ObjectId, 'objectId'], [Binary, 'binData'], [Decimal128, 'decimal'], [Timestamp, 'timestamp'],
  [BSONRegExp, 'regex'], [RegExp, 'regex'], [MinKey, 'minKey'], [MaxKey, 'maxKey']];

export function typeOfValue(value) {
  switch (typeof value) {
    case 'undefined': return 'missing';
    case 'number': return 'double';
    case 'bigint': return 'long';
    case 'string': return 'string';
    case 'boolean': return 'bool';
  }
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return CLASSES.find(([type]) => value instanceof type)?.[1] ?? 'object';
}
