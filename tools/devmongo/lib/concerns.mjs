// Write and read concerns, as a replica set of one node can and cannot meet them.
import { MongoError } from './errors.mjs';

const READ_LEVELS = new Set(['local', 'majority', 'snapshot', 'available', 'linearizable']);

/** Checks a command's write concern; gives the writeConcernError it will end in, or undefined. */
export function checkWriteConcern(request) {
  if (request.raw('writeConcern') === undefined) return undefined;
  request.document('writeConcern');
  const concern = request.plain('writeConcern');
  for (const name of Object.keys(concern)) {
    if (!['w', 'j', 'wtimeout', 'fsync', 'provenance'].includes(name)) {
      throw new MongoError(40415, `BSON field 'WriteConcern.${name}' is an unknown field.`);
    }
  }
  const { w = 1, wtimeout = 0 } = concern;
  if (typeof w !== 'number' && typeof w !== 'string') throw new MongoError('FailedToParse', 'w has to be a number, string, or object');
  if (typeof w === 'number' && (w < 0 || w > 50)) throw new MongoError('FailedToParse', 'w has to be a non-negative number and not greater than 50');
  if (typeof wtimeout !== 'number') throw new MongoError('FailedToParse', 'wtimeout has to be a number');
  const errInfo = { writeConcern: { w, wtimeout, provenance: 'clientSupplied' } };
  if (typeof w === 'string' && w !== 'majority') {
    return { code: 79, codeName: 'UnknownReplWriteConcern', errmsg: `No write concern mode named '${w}' found in replica set configuration`, errInfo };
  }
  if (typeof w === 'number' && w > 1) {
    return { code: 100, codeName: 'UnsatisfiableWriteConcern', errmsg: 'Not enough data-bearing nodes', errInfo };
  }
  return undefined;
}

/** Checks a command's read concern; gives its level. */
export function checkReadConcern(request) {
  if (request.raw('readConcern') === undefined) return 'local';
  request.document('readConcern');
  const { level = 'local', ...rest } = request.plain('readConcern');
  if (typeof level !== 'string' || !READ_LEVELS.has(level)) {
    throw new MongoError('BadValue', `Enumeration value '${level}' for field 'readConcern.level' is not a valid value.`);
  }
  if (rest.atClusterTime !== undefined) {
    throw new MongoError('InvalidOptions', 'readConcern.atClusterTime is not supported: this server keeps no history');
  }
  for (const name of Object.keys(rest)) {
    if (name !== 'afterClusterTime' && name !== 'provenance') {
      throw new MongoError(40415, `BSON field 'readConcern.${name}' is an unknown field.`);
    }
  }
  return level;
}
