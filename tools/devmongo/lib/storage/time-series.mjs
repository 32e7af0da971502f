// Time-series collections. As in MongoDB, measurements lie in buckets: one meta value, one span of time, at most a
// thousand. Buckets are what look-ups by device and time find, and what expires.
import { MongoError } from '../errors.mjs';
import { Key } from '../bson/keys.mjs';
import { DATE, OBJECT, Elements, RawValue, findField, foundType, readInt64 } from '../bson/raw.mjs';
import { decodeValue, plain } from '../bson/values.mjs';
import { encodeDocument } from '../bson/writer.mjs';
import { dateRange } from '../query/sources.mjs';
import { Path } from '../query/paths.mjs';
import { Collection } from './collection.mjs';
import { IdIndex } from './id-index.mjs';
import { FREE } from './records.mjs';
import { checkDelete, checkUpdate } from './time-series-writes.mjs';
import { Buckets, SPANS } from './buckets.mjs';
import { MetaIndex } from './meta-index.mjs';

const NO_META = encodeDocument({});

/** Reads the `timeseries` option of create into the form that listCollections shows. */
export function parseTimeSeries(value) {
  const given = plain(decodeValue(value.buf, value.type, value.start));
  for (const name of Object.keys(given)) {
    if (!['timeField', 'metaField', 'granularity', 'bucketMaxSpanSeconds'].includes(name)) {
      throw new MongoError(40415, `BSON field 'create.timeseries.${name}' is an unknown field.`);
    }
  }
  const { timeField, metaField, granularity = 'seconds' } = given;
  if (timeField === undefined) throw new MongoError(40414, "BSON field 'create.timeseries.timeField' is missing but a required field");
  checkFieldName('timeField', timeField);
  if (metaField !== undefined) checkFieldName('metaField', metaField);
  if (timeField === metaField) throw new MongoError('InvalidOptions', "'metaField' can not be the same as 'timeField'");
  if (metaField === '_id') throw new MongoError('InvalidOptions', "'metaField' can not be '_id'");
  checkGranularity(granularity);
  return { timeField, ...metaField === undefined ? {} : { metaField }, granularity, bucketMaxSpanSeconds: SPANS[granularity].span / 1000 };
}

function checkFieldName(option, name) {
  if (typeof name !== 'string') {
    throw new MongoError('TypeMismatch', `BSON field 'create.timeseries.${option}' is the wrong type '${typeof name}', expected type 'string'`);
  }
  if (name === '' || name.includes('.')) throw new MongoError('InvalidOptions', `'${option}' cannot be empty or contain '.'`);
}

function checkGranularity(granularity) {
  if (!(granularity in SPANS)) {
    throw new MongoError('BadValue', `Enumeration value '${granularity}' for field 'create.timeseries.granularity' is not a valid value.`);
  }
}

/** The buckets of one meta value. `document` holds that value alone, so that filters on meta can be asked about it. */
class Series {
  constructor(key, document, type) {
    this.keyBytes = Buffer.from(key.buf.subarray(key.start, key.end));
    this.keyType = key.type;
    this.document = document;
    this.type = type;
    this.buckets = [];
  }
}

export class TimeSeriesCollection extends Collection {
  constructor(namespace, options, transactions) {
    super(namespace, options, transactions);
    const { timeField, metaField, granularity } = options.timeseries;
    this.ids = undefined;
    this.timeField = timeField;
    this.metaField = metaField;
    this.timeName = Buffer.from(timeField);
    this.metaName = metaField === undefined ? undefined : Buffer.from(metaField);
    this.series = [];
    this.seriesByMeta = new IdIndex((number, key) => this.#isSeries(number, key));
    this.metaKey = new Key();
    this.buckets = new Buckets(granularity);
    this.hasRemoved = false;
  }

  get isTimeSeries() {
    return true;
  }

  get expireAfterSeconds() {
    return this.options.expireAfterSeconds;
  }

  setGranularity({ granularity, ...rest }) {
    if (Object.keys(rest).length > 0) throw new MongoError('CommandNotSupported', 'collMod changes only the granularity of a time series here');
    checkGranularity(granularity);
    if (SPANS[granularity].span < SPANS[this.options.timeseries.granularity].span) {
      throw new MongoError('InvalidOptions', 'Invalid transition for timeseries.granularity. Can only transition from seconds to minutes or minutes to hours.');
    }
    Object.assign(this.options.timeseries, { granularity, bucketMaxSpanSeconds: SPANS[granularity].span / 1000 });
    this.buckets.setGranularity(granularity);
  }

  insert(buf, at, view, chunk = -1) {
    const time = findField(buf, at, this.timeName);
    if (time < 0 || foundType !== DATE) {
      throw new MongoError('BadValue', `'${this.timeField}' must be present and contain a valid BSON UTC datetime value`);
    }
    const series = this.#seriesOf(buf, at);
    const offset = this.placeDocument(buf, at, chunk);
    const record = this.records.append(chunk >= 0 ? chunk : this.heap.chunk, offset, view.writeStamp);
    this.documents++;
    this.buckets.add(series, record, readInt64(buf, time));
    return record;
  }

  #seriesOf(buf, at) {
    const meta = this.metaName === undefined ? -1 : findField(buf, at, this.metaName);
    const type = meta < 0 ? OBJECT : foundType;
    const key = meta < 0 ? this.metaKey.set(NO_META, OBJECT, 0) : this.metaKey.set(buf, type, meta);
    const known = this.seriesByMeta.find(key);
    if (known >= 0) return this.series[known];
    const document = meta < 0 ? NO_META : encodeDocument({ [this.metaField]: RawValue.at(buf, type, meta) });
    const series = new Series(key, document, meta < 0 ? 0 : type);
    this.seriesByMeta.add(key.hash, this.series.length);
    this.series.push(series);
    for (const index of this.indexes) index.addSeries(series);
    return series;
  }

  #isSeries(number, key) {
    const { keyBytes, keyType } = this.series[number];
    return keyType === key.type && keyBytes.length === key.end - key.start
      && keyBytes.compare(key.buf, key.start, key.end) === 0;
  }

  /** Uses buckets where a filter limits meta or time; a filter that limits neither reads all buckets in order. */
  sourceFor(filter) {
    const range = dateRange(filter, this.timeField) ?? { from: -Infinity, to: Infinity };
    const isMeta = path => this.metaField !== undefined && (path === this.metaField || path.startsWith(`${this.metaField}.`));
    const terms = filter.terms.filter(({ path }) => isMeta(path));
    if (terms.length === 0) return this.buckets.source(range);
    const found = this.#indexed(filter) ?? this.series;
    return this.buckets.source(range, found.filter(({ document }) => terms.every(term => term.test(document, 0))));
  }

  #indexed(filter) {
    for (const index of this.indexes) {
      const series = index.seriesFor(filter);
      if (series !== undefined) return series;
    }
    return undefined;
  }

  makeIndex(spec) {
    const index = new MetaIndex(spec, new Path(Object.keys(spec.key)[0]));
    for (const series of this.series) index.addSeries(series);
    return index;
  }

  checkIndex(spec) {
    if (spec.unique) throw new MongoError('InvalidOptions', 'Unique indexes are not supported on collections clustered by _id');
    if (spec.expireAfterSeconds !== undefined) {
      throw new MongoError('InvalidOptions', 'TTL indexes are not supported on time-series collections');
    }
    if (spec.sparse || spec.partialFilterExpression !== undefined) {
      throw new MongoError('InvalidOptions', 'Sparse and partial indexes are not supported on time-series collections');
    }
    for (const path of Object.keys(spec.key)) {
      const [field] = path.split('.');
      if (path !== this.timeField && field !== this.metaField) {
        throw new MongoError('CannotCreateIndex', 'Invalid index spec for time-series collection: indexes are only supported on the '
          + `'${this.timeField}' and '${this.metaField}' fields`);
      }
    }
  }

  /** Changes the meta value of all measurements that have one of the matching meta values; counts buckets, as MongoDB does. */
  updateMeta(statement, view, change) {
    checkUpdate(this, statement, view);
    const result = { n: 0, nModified: 0, upserted: undefined };
    const matching = this.series.filter(({ buckets, document }) => buckets.length > 0 && statement.filter.test(document, 0));
    for (const series of matching) {
      const buckets = [...series.buckets];
      result.n += buckets.length;
      const changed = Buffer.from(change.applyToFragment(series.document, 0));
      if (changed.equals(series.document)) continue;
      result.nModified += buckets.length;
      for (const bucket of buckets) for (const record of [...bucket.records]) this.#moveTo(record, changed, view);
    }
    return result;
  }

  #moveTo(record, metaDocument, view) {
    if (!this.read(record, view)) return;
    const { buf, at } = this;
    const moved = withField(buf, at, this.metaField, metaDocument, this.metaName);
    this.remove(record, view);
    this.hasRemoved = true;
    this.insert(moved, 0, view);
  }

  checkDelete(query, limit, view) {
    checkDelete(this, query, limit, view);
    this.hasRemoved = true;
  }

  /** Removes buckets that are older than `limit` (milliseconds), at least until `most` measurements went; gives how many. */
  expireBefore(limit, view, most) {
    let removed = 0;
    for (const bucket of this.buckets.olderThan(limit)) {
      if (removed >= most) break;
      for (const record of bucket.records) {
        if (!this.read(record, view)) continue;
        this.remove(record, view);
        removed++;
      }
    }
    if (removed > 0 || this.hasRemoved) this.buckets.dropEmpty(record => this.records.chunk(record) === FREE);
    this.hasRemoved = this.transactions.hasSnapshots && (removed > 0 || this.hasRemoved);
    return removed;
  }
}

/** The document with a field replaced by what a one-field document holds, or without it if that is empty. */
function withField(buf, at, name, replacement, nameBytes) {
  const fields = {};
  const value = findField(replacement, 0, nameBytes);
  const raw = value < 0 ? undefined : RawValue.at(replacement, foundType, value);
  for (const it = new Elements(buf, at); it.next();) fields[it.name] = it.name === name ? raw : RawValue.at(buf, it.type, it.value);
  if (raw !== undefined && !(name in fields)) fields[name] = raw;
  return encodeDocument(fields);
}
