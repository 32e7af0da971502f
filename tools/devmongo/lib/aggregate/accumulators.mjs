// The accumulators of $group: each makes a state for a group, takes in values and gives a result.
import { MongoError } from '../errors.mjs';
import { mergeObjects, standardDeviation } from './array-operators.mjs';
import { isDocument } from './expressions.mjs';
import { add, isNumber, toDouble, whole } from './numbers.mjs';
import { compare, keyOf } from './order.mjs';

class Sum {
  total = whole(0);

  add(value) {
    if (isNumber(value)) this.total = add(this.total, value);
  }

  get result() {
    return this.total;
  }
}

class Average {
  total = whole(0);
  count = 0;

  add(value) {
    if (!isNumber(value)) return;
    this.total = add(this.total, value);
    this.count++;
  }

  get result() {
    return this.count === 0 ? null : toDouble(this.total) / this.count;
  }
}

class Extreme {
  best = null;

  constructor(sign) {
    this.sign = sign;
  }

  add(value) {
    if (value === undefined || value === null) return;
    if (this.best === null || compare(value, this.best) * this.sign < 0) this.best = value;
  }

  get result() {
    return this.best;
  }
}

class First {
  seen = false;
  value = null;

  add(value) {
    if (this.seen) return;
    this.seen = true;
    this.value = value ?? null;
  }

  get result() {
    return this.value;
  }
}

class Last {
  value = null;

  add(value) {
    this.value = value ?? null;
  }

  get result() {
    return this.value;
  }
}

class Values {
  values = [];

  constructor(finish = values => values) {
    this.finish = finish;
  }

  add(value) {
    if (value !== undefined) this.values.push(value);
  }

  get result() {
    return this.finish(this.values);
  }
}

class ValueSet {
  values = new Map();

  add(value) {
    if (value !== undefined) this.values.set(keyOf(value), value);
  }

  get result() {
    return [...this.values.values()];
  }
}

const ACCUMULATORS = {
  $sum: () => new Sum(),
  $avg: () => new Average(),
  $min: () => new Extreme(1),
  $max: () => new Extreme(-1),
  $first: () => new First(),
  $last: () => new Last(),
  $push: () => new Values(),
  $addToSet: () => new ValueSet(),
  $mergeObjects: () => new Values(mergeObjects),
  $stdDevPop: () => new Values(values => standardDeviation(values, false)),
  $stdDevSamp: () => new Values(values => standardDeviation(values, true)),
  $count: () => new Sum(),
};

/** Reads `{$name: expression}`; gives what makes states, and the expression. */
export function parseAccumulator(field, specification) {
  if (!isDocument(specification)) throw new MongoError(40234, `The field '${field}' must be an accumulator object`);
  const names = Object.keys(specification);
  if (names.length !== 1) throw new MongoError(40238, `The field '${field}' must specify one accumulator`);
  const [name] = names;
  if (!Object.hasOwn(ACCUMULATORS, name)) throw new MongoError(15952, `unknown group operator '${name}'`);
  if (field.includes('.')) throw new MongoError(40235, `The field name '${field}' cannot contain '.'`);
  if (name !== '$count') return { make: ACCUMULATORS[name], expression: specification[name] };
  if (!isDocument(specification.$count) || Object.keys(specification.$count).length > 0) {
    throw new MongoError('TypeMismatch', '$count takes no arguments, i.e. $count:{}');
  }
  return { make: ACCUMULATORS.$count, expression: whole(1) };
}
