// What MongoDB 5.0 allows of updates and deletes on a time series: all measurements of a meta value, or nothing.
import { MongoError } from '../errors.mjs';
import { OBJECT, ARRAY, Elements } from '../bson/raw.mjs';

export function checkUpdate({ metaField, namespace }, { u, q, multi, upsert }, view) {
  if (view.id !== 0) throw inTransaction(namespace);
  if (metaField === undefined) {
    throw new MongoError('InvalidOptions', 'Cannot perform an update on a time-series collection that does not have a metaField');
  }
  if (!multi) throw new MongoError('InvalidOptions', 'Cannot perform a non-multi update on a time-series collection');
  if (upsert) throw new MongoError('InvalidOptions', 'Cannot perform an upsert on a time-series collection');
  if (u.type === ARRAY) throw new MongoError('InvalidOptions', 'Cannot perform an update on a time-series collection using a pipeline update');
  for (const operator = new Elements(u.buf, u.start); operator.next();) {
    if (!operator.name.startsWith('$')) {
      throw new MongoError('InvalidOptions', 'Cannot perform an update on a time-series collection using a replacement document');
    }
    for (const field = new Elements(u.buf, operator.value); field.next();) {
      if (!isMeta(field.name, metaField)) {
        throw new MongoError('InvalidOptions', 'Cannot perform an update on a time-series collection which updates a field that is not the '
          + `metaField '${metaField}'`);
      }
    }
  }
  checkQuery(q.buf, q.start, metaField);
}

export function checkDelete({ metaField, namespace }, q, limit, view) {
  if (view.id !== 0) throw inTransaction(namespace);
  if (limit !== 0) throw new MongoError('IllegalOperation', 'Cannot perform a non-multi delete on a time-series collection');
  const isEmpty = !new Elements(q.buf, q.start).next();
  if (metaField === undefined && !isEmpty) {
    throw new MongoError('IllegalOperation', 'Cannot perform a delete with a non-empty query on a time-series collection that does not have a metaField');
  }
  checkQuery(q.buf, q.start, metaField);
}

function inTransaction(namespace) {
  return new MongoError('OperationNotSupportedInTransaction', `Cannot perform a multi-document transaction on a time-series collection: ${namespace}`);
}

function isMeta(path, metaField) {
  return path === metaField || path.startsWith(`${metaField}.`);
}

function checkQuery(buf, at, metaField) {
  for (const it = new Elements(buf, at); it.next();) {
    const { name } = it;
    if (['$and', '$or', '$nor'].includes(name)) {
      for (const clause = new Elements(buf, it.value); clause.next();) if (clause.type === OBJECT) checkQuery(buf, clause.value, metaField);
    } else if (!isMeta(name, metaField)) {
      throw new MongoError('InvalidOptions', 'Cannot perform an update or delete on a time-series collection when querying on a field that is not '
        + `the metaField '${metaField}'`);
    }
  }
}
