import { MongoError } from '../errors.mjs';
export function applyPipeline() {
  throw new MongoError('BadValue', 'pipeline updates are not supported yet');
}
