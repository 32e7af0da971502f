import { MongoError } from '../errors.mjs';
import { Collection } from './collection.mjs';
export class TimeSeriesCollection extends Collection { get isTimeSeries() { return true; } }
export function parseTimeSeries() { throw new MongoError('CommandNotSupported', 'time series come next'); }
