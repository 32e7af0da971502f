// The update operators: each changes one field of a parsed document.
import { Timestamp } from 'bson';
import { MongoError } from '../errors.mjs';
import { compareValues } from '../bson/compare.mjs';
import { describeValue } from '../bson/describe.mjs';
import { ARRAY, OBJECT, isNumeric, readInt32, typeName } from '../bson/raw.mjs';
import { decodeValue, plain } from '../bson/values.mjs';
import { listOf, predicate } from '../query/predicates.mjs';
import { Filter } from '../query/filter.mjs';
import { combine, zeroLike } from './arithmetic.mjs';
import { Branch, dateValue, flatten, valueOf } from './tree.mjs';

function compare(a, b) {
  return compareValues(a.buf, a.type, a.start, b.buf, b.type, b.start);
}

function arithmetic(operator, { parent, name, current, operand, describeId, path }) {
  if (current === undefined) {
    parent.set(name, operator === '$mul' ? zeroLike(operand) : operand);
    return;
  }
  if (!isNumeric(current.type)) {
    throw new MongoError('TypeMismatch', `Cannot apply ${operator} to a value of non-numeric type. ${describeId()} has the field `
      + `'${path.split('.').at(-1)}' of non-numeric type ${typeName(current.type)}`);
  }
  parent.set(name, combine(current, operand, operator));
}

function extreme(wins, { parent, name, current, operand }) {
  if (current === undefined || wins(compare(operand, flatten(current)))) parent.set(name, operand);
}

function arrayAt(operator, { parent, name, current, describeId, path }) {
  if (current === undefined) {
    const array = new Branch(ARRAY);
    parent.set(name, array);
    return array;
  }
  if (current.type !== ARRAY) {
    throw new MongoError('BadValue', `The field '${path}' must be an array but is of type ${typeName(current.type)} in document ${describeId()}`);
  }
  return parent.branchAt(parent.indexOf(name));
}

/** The values of `{$each: […]}`, or the operand itself as the only one; with the other modifiers of $push. */
function eachOf(operator, operand) {
  const single = { values: [operand] };
  if (operand.type !== OBJECT || readInt32(operand.buf, operand.start) === 5) return single;
  const branch = Branch.of(operand.buf, operand.start);
  if (!branch.names[0].startsWith('$')) return single;
  const each = branch.get('$each');
  if (each === undefined || each.type !== ARRAY) {
    throw new MongoError('BadValue', `The argument to $each in ${operator} must be an array`);
  }
  const modifiers = { values: listOf(each, '$each') };
  for (const name of branch.names) {
    if (name === '$each') continue;
    if (operator !== '$push' || !['$slice', '$position', '$sort'].includes(name)) {
      throw new MongoError('BadValue', `Unrecognized clause in ${operator}: ${name}`);
    }
    const value = branch.get(name);
    modifiers[name] = plain(decodeValue(value.buf, value.type, value.start));
  }
  return modifiers;
}

function push(target) {
  const array = arrayAt('$push', target);
  const { values, $position, $slice, $sort } = eachOf('$push', target.operand);
  const all = [...array.values];
  all.splice($position ?? all.length, 0, ...values);
  if (typeof $sort === 'number') all.sort((a, b) => $sort * compare(flatten(a), flatten(b)));
  else if ($sort !== undefined) throw new MongoError('BadValue', 'This server sorts $push by the values themselves only');
  if ($slice === undefined) array.fill(all);
  else array.fill($slice >= 0 ? all.slice(0, $slice) : all.slice($slice));
}

function addToSet(target) {
  const array = arrayAt('$addToSet', target);
  for (const value of eachOf('$addToSet', target.operand).values) {
    if (!array.values.some(present => compare(flatten(present), value) === 0)) array.push(value);
  }
}

function pull(target) {
  if (target.current === undefined) return;
  const array = arrayAt('$pull', target);
  const matches = pullTest(target.operand);
  const rest = array.values.filter(value => !matches(flatten(value)));
  if (rest.length !== array.values.length) array.fill(rest);
}

function pullTest(operand) {
  if (operand.type !== OBJECT || readInt32(operand.buf, operand.start) === 5) return value => compare(value, operand) === 0;
  const branch = Branch.of(operand.buf, operand.start);
  if (!branch.names[0].startsWith('$')) {
    const filter = Filter.from(operand);
    return value => value.type === OBJECT && filter.test(value.buf, value.start);
  }
  const tests = branch.names.map((name, i) => {
    const simple = predicate(name, branch.values[i]);
    if (simple === undefined) throw new MongoError('BadValue', `unknown operator: ${name}`);
    return simple;
  });
  return value => tests.every(({ test, negated }) => test(value.buf, value.type, value.start) !== (negated === true));
}

function pullAll(target) {
  if (target.current === undefined) return;
  const array = arrayAt('$pullAll', target);
  const unwanted = listOf(target.operand, '$pullAll');
  const rest = array.values.filter(value => !unwanted.some(each => compare(flatten(value), each) === 0));
  if (rest.length !== array.values.length) array.fill(rest);
}

function pop(target) {
  if (target.current === undefined) return;
  const array = arrayAt('$pop', target);
  array.fill(plain(decodeValue(target.operand.buf, target.operand.type, target.operand.start)) === -1
    ? array.values.slice(1) : array.values.slice(0, -1));
}

function currentDate({ parent, name, operand, now }) {
  const wanted = plain(decodeValue(operand.buf, operand.type, operand.start));
  const type = wanted === true || wanted === false ? 'date' : wanted?.$type;
  if (type === 'date') parent.set(name, dateValue(now));
  else if (type === 'timestamp') parent.set(name, valueOf(new Timestamp({ t: Math.floor(now / 1000), i: 1 })));
  else throw new MongoError('BadValue', "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}");
}

/** Applies one operator. `target`: `parent` branch, `name` in it, `current` value, `operand`, `path`, `now`, `describeId()`. */
export function applyOperator(operator, target) {
  switch (operator) {
    case '$set': case '$setOnInsert': target.parent.set(target.name, target.operand); return;
    case '$unset': target.parent.delete(target.name); return;
    case '$inc': case '$mul': arithmetic(operator, target); return;
    case '$min': extreme(sign => sign < 0, target); return;
    case '$max': extreme(sign => sign > 0, target); return;
    case '$push': push(target); return;
    case '$addToSet': addToSet(target); return;
    case '$pull': pull(target); return;
    case '$pullAll': pullAll(target); return;
    case '$pop': pop(target); return;
    case '$currentDate': currentDate(target); return;
    default: throw new MongoError('InternalError', `operator ${operator} has no implementation`);
  }
}

export const OPERATORS = new Set(['$set', '$setOnInsert', '$unset', '$inc', '$mul', '$min', '$max', '$push', '$addToSet', '$pull', '$pullAll',
  '$pop', '$currentDate', '$rename']);

/** Operators that change nothing, and create no parents, where the field is not there. */
export const ONLY_PRESENT = new Set(['$unset', '$pull', '$pullAll', '$pop']);

export function checkOperand(operator, path, operand) {
  if ((operator === '$inc' || operator === '$mul') && !isNumeric(operand.type)) {
    const verb = operator === '$inc' ? 'increment' : 'multiply';
    throw new MongoError('TypeMismatch', `Cannot ${verb} with non-numeric argument: {${path}: ${describeValue(operand.buf, operand.type, operand.start)}}`);
  }
}
