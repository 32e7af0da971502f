import { MongoError } from '../errors.mjs';
export function compileComputedProjection() { throw new MongoError('BadValue', 'computed projections are not supported yet'); }
