// A filter, made from its BSON into a test of documents in place.
import { MongoError } from '../errors.mjs';
import { ARRAY, OBJECT, REGEX, STRING, Elements, RawValue, readInt32, readString, typeName } from '../bson/raw.mjs';
import { Path } from './paths.mjs';
import { equal, listOf, predicate, regexPredicate } from './predicates.mjs';
import { compileFilterExpression } from '../aggregate/filter-expression.mjs';

const EVERYTHING = () => true;

export class Filter {
  /** `terms` are the conditions on single fields that every match must meet: what an index may be used for. */
  constructor(test, terms, isExact) {
    this.test = test;
    this.terms = terms;
    this.isExact = isExact;
  }

  static all() {
    return new Filter(EVERYTHING, [], true);
  }

  /** `value` is the filter as a RawValue, or undefined for no condition. */
  static from(value, variables = undefined) {
    if (value === undefined || readInt32(value.buf, value.start) === 5) return Filter.all();
    const terms = [];
    const tests = compileConjunction(value.buf, value.start, terms, variables);
    return new Filter(allOf(tests), terms, tests.length === terms.length);
  }

  get isEmpty() {
    return this.test === EVERYTHING;
  }

  /** The values that a path must equal: one from `$eq`, several from `$in`, undefined if it is not so limited. */
  valuesOf(path) {
    for (const term of this.terms) {
      if (term.path !== path) continue;
      if (term.operator === '$eq') return [term.operand];
      if (term.operator === '$in') return listOf(term.operand, '$in');
    }
    return undefined;
  }
}

function allOf(tests) {
  if (tests.length === 0) return EVERYTHING;
  if (tests.length === 1) return tests[0];
  return (buf, at) => {
    for (let i = 0; i < tests.length; i++) if (!tests[i](buf, at)) return false;
    return true;
  };
}

function compileConjunction(buf, at, terms, variables) {
  const tests = [];
  for (const it = new Elements(buf, at); it.next();) {
    const { name } = it;
    const operand = RawValue.at(buf, it.type, it.value);
    if (name.startsWith('$')) tests.push(...compileTopLevel(name, operand, terms, variables));
    else tests.push(...compileField(name, operand, terms));
  }
  return tests;
}

function compileTopLevel(name, operand, terms, variables) {
  switch (name) {
    case '$and': return clauses(operand, name).flatMap(clause => compileConjunction(clause.buf, clause.start, terms, variables));
    case '$or': {
      const tests = clauses(operand, name).map(clause => compileClause(clause, variables));
      return [(buf, at) => tests.some(test => test(buf, at))];
    }
    case '$nor': {
      const tests = clauses(operand, name).map(clause => compileClause(clause, variables));
      return [(buf, at) => !tests.some(test => test(buf, at))];
    }
    case '$expr': return [compileFilterExpression(operand, variables)];
    case '$comment': return [];
    case '$alwaysTrue': return [];
    case '$alwaysFalse': return [() => false];
    case '$where': throw new MongoError('BadValue', 'no globalScriptEngine in $where parsing');
    default: throw new MongoError('BadValue', `unknown top level operator: ${name}`);
  }
}

function clauses(operand, name) {
  if (operand.type !== ARRAY) throw new MongoError('BadValue', `${name} must be an array`);
  const list = listOf(operand, name);
  if (list.length === 0) throw new MongoError('BadValue', '$and/$or/$nor must be a nonempty array');
  for (const clause of list) if (clause.type !== OBJECT) throw new MongoError('BadValue', '$or/$and/$nor entries need to be full objects');
  return list;
}

function compileClause(clause, variables) {
  return allOf(compileConjunction(clause.buf, clause.start, [], variables));
}

function isOperatorDocument(value) {
  return value.type === OBJECT && readInt32(value.buf, value.start) > 5 && value.buf[value.start + 5] === 0x24
    && !['$ref', '$id', '$db'].includes(firstName(value));
}

function firstName(value) {
  const it = new Elements(value.buf, value.start);
  it.next();
  return it.name;
}

function compileField(name, operand, terms) {
  const path = new Path(name);
  if (!isOperatorDocument(operand)) {
    const test = onPath(path, { test: equal(operand), expand: true });
    if (operand.type !== REGEX) terms.push({ path: name, operator: '$eq', operand, test });
    return [test];
  }
  return compileOperators(path, operand, terms);
}

function compileOperators(path, document, terms) {
  const tests = [];
  let options;
  let regex;
  for (const it = new Elements(document.buf, document.start); it.next();) {
    const { name } = it;
    const operand = RawValue.at(document.buf, it.type, it.value);
    if (name === '$regex') {
      regex = operand;
    } else if (name === '$options') {
      if (it.type !== STRING) throw new MongoError('BadValue', '$options has to be a string');
      options = readString(it.buf, it.value);
    } else {
      const simple = predicate(name, operand);
      if (simple !== undefined) {
        const test = onPath(path, simple);
        terms.push({ path: path.text, operator: name, operand, test });
        tests.push(test);
      } else {
        tests.push(compileCompound(path, name, operand));
      }
    }
  }
  if (regex !== undefined) tests.push(onPath(path, regexPredicate(regex, options)));
  else if (options !== undefined) throw new MongoError('BadValue', '$options needs a $regex');
  return tests;
}

function onPath(path, { test, expand, negated }) {
  return negated ? (buf, at) => !path.any(buf, at, test, expand) : (buf, at) => path.any(buf, at, test, expand);
}

function compileCompound(path, name, operand) {
  switch (name) {
    case '$not': {
      if (operand.type === REGEX) return onPath(path, { ...regexPredicate(operand), negated: true });
      if (!isOperatorDocument(operand)) throw new MongoError('BadValue', '$not needs a regex or a document');
      const test = allOf(compileOperators(path, operand, []));
      return (buf, at) => !test(buf, at);
    }
    case '$elemMatch': {
      const test = elementTest(operand);
      return onPath(path, {
        expand: false,
        test: (buf, type, at) => {
          if (type !== ARRAY) return false;
          for (const it = new Elements(buf, at); it.next();) if (test(buf, it.type, it.value)) return true;
          return false;
        },
      });
    }
    case '$all': {
      const tests = listOf(operand, '$all').map(value => (isOperatorDocument(value) && firstName(value) === '$elemMatch'
        ? allOf(compileOperators(path, value, []))
        : onPath(path, { test: equal(value), expand: true })));
      return tests.length === 0 ? () => false : allOf(tests);
    }
    case '$comment': return EVERYTHING;
    default: throw new MongoError('BadValue', `unknown operator: ${name}`);
  }
}

/** `$elemMatch` holds either operators on the element itself, or a filter on the element as a document. */
function elementTest(operand) {
  if (operand.type !== OBJECT) throw new MongoError('BadValue', `$elemMatch needs an Object, not ${typeName(operand.type)}`);
  if (!isOperatorDocument(operand) || ['$and', '$or', '$nor', '$expr'].includes(firstName(operand))) {
    const test = allOf(compileConjunction(operand.buf, operand.start, []));
    return (buf, type, at) => type === OBJECT && test(buf, at);
  }
  const tests = [];
  for (const it = new Elements(operand.buf, operand.start); it.next();) {
    const value = RawValue.at(it.buf, it.type, it.value);
    if (it.name === '$not') {
      const inner = elementTest(value);
      tests.push((buf, type, at) => !inner(buf, type, at));
      continue;
    }
    const simple = it.name === '$regex' ? regexPredicate(value) : predicate(it.name, value);
    if (simple === undefined) throw new MongoError('BadValue', `unknown operator: ${it.name}`);
    tests.push(simple.negated ? (buf, type, at) => !simple.test(buf, type, at) : simple.test);
  }
  return (buf, type, at) => tests.every(test => test(buf, type, at));
}
