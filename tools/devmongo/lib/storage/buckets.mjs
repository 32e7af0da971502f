// The buckets of a time series in the order they were opened.

const HOUR = 3_600_000;
const MAX_RECORDS = 1000;
// How many of a series' buckets a measurement out of order may still go into.
const REOPEN = 8;

/** By granularity: the span of time of one bucket, and what its start is rounded down to, in milliseconds. */
export const SPANS = {
  seconds: { span: HOUR, rounding: 60_000 },
  minutes: { span: 24 * HOUR, rounding: HOUR },
  hours: { span: 30 * 24 * HOUR, rounding: 24 * HOUR },
};

class Bucket {
  constructor(series, number, from, span) {
    this.series = series;
    this.number = number;
    this.from = from;
    this.to = from + span;
    this.min = Infinity;
    this.max = -Infinity;
    this.records = [];
  }
}

export class Buckets {
  #all = [];
  #nextNumber = 0;

  constructor(granularity) {
    this.setGranularity(granularity);
  }

  setGranularity(granularity) {
    this.limits = SPANS[granularity];
  }

  add(series, record, time) {
    const { buckets } = series;
    let bucket;
    for (let i = buckets.length - 1, last = Math.max(0, buckets.length - REOPEN); i >= last; i--) {
      const candidate = buckets[i];
      if (time >= candidate.from && time < candidate.to && candidate.records.length < MAX_RECORDS) {
        bucket = candidate;
        break;
      }
    }
    bucket ??= this.#open(series, time);
    bucket.records.push(record);
    if (time < bucket.min) bucket.min = time;
    if (time > bucket.max) bucket.max = time;
  }

  #open(series, time) {
    const { span, rounding } = this.limits;
    const bucket = new Bucket(series, this.#nextNumber++, Math.floor(time / rounding) * rounding, span);
    series.buckets.push(bucket);
    this.#all.push(bucket);
    return bucket;
  }

  /** The records of the buckets that may hold a time in a range, of some series or of all. */
  source(range, series = undefined) {
    let buckets = this.#all;
    if (series !== undefined) {
      buckets = series.flatMap(each => each.buckets);
      if (series.length > 1) buckets.sort((a, b) => a.number - b.number);
    }
    const isAll = range.from === -Infinity && range.to === Infinity;
    return new BucketSource(isAll ? buckets : buckets.filter(({ min, max }) => max >= range.from && min <= range.to));
  }

  olderThan(limit) {
    return this.#all.filter(({ max }) => max < limit);
  }

  /** Drops buckets none of whose records is there any more. */
  dropEmpty(isGone) {
    const empty = new Set(this.#all.filter(({ records }) => records.every(isGone)));
    if (empty.size === 0) return;
    this.#all = this.#all.filter(bucket => !empty.has(bucket));
    for (const series of new Set([...empty].map(bucket => bucket.series))) {
      series.buckets = series.buckets.filter(bucket => !empty.has(bucket));
    }
  }
}

class BucketSource {
  constructor(buckets) {
    this.buckets = buckets;
    this.isExact = false;
    this.bucket = 0;
    this.at = 0;
  }

  next() {
    while (this.bucket < this.buckets.length) {
      const { records } = this.buckets[this.bucket];
      if (this.at < records.length) return records[this.at++];
      this.bucket++;
      this.at = 0;
    }
    return -1;
  }
}
