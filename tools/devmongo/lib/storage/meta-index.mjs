// A secondary index of a time series. When it begins with a part of meta it leads to the series with a given value
// there; the times within a series are the buckets' business.
import { keyText } from '../bson/keys.mjs';
import { ARRAY, NULL, REGEX, UNDEFINED } from '../bson/raw.mjs';
import { MISSING } from '../query/paths.mjs';

const NONE = [];
// Values that match more than the series that have them.
const UNSEARCHABLE = new Set([ARRAY, NULL, REGEX, UNDEFINED]);

export class MetaIndex {
  constructor(spec, path) {
    this.spec = spec;
    this.name = spec.name;
    this.key = spec.key;
    this.unique = false;
    this.path = path;
    this.series = new Map();
  }

  addSeries(series) {
    this.path.any(series.document, 0, (buf, type, at) => {
      if (type === MISSING) return false;
      const text = keyText(buf, type, at);
      const known = this.series.get(text);
      if (known === undefined) this.series.set(text, [series]);
      else if (known.at(-1) !== series) known.push(series);
      return false;
    }, true);
  }

  /** The series that a filter's values for the first field lead to; undefined if it names none. */
  seriesFor(filter) {
    const values = filter.valuesOf(this.path.text);
    if (values === undefined || values.some(({ type }) => UNSEARCHABLE.has(type))) return undefined;
    const found = values.flatMap(({ buf, type, start }) => this.series.get(keyText(buf, type, start)) ?? NONE);
    return values.length === 1 ? found : [...new Set(found)];
  }

  add() {
    // Series are told to the index when they begin.
  }

  remove() {
    // A series stays known after its last measurement has gone.
  }
}
