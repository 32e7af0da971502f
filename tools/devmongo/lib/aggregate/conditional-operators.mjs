// Operators that decide what is evaluated at all, and those that bind variables.
import { MongoError } from '../errors.mjs';
import { compile, compileArguments, isDocument, isNullish, truthy } from './expressions.mjs';

function named(operand, name, required, optional = []) {
  if (!isDocument(operand)) throw new MongoError('FailedToParse', `${name} only supports an object as its argument`);
  for (const field of Object.keys(operand)) {
    if (!required.includes(field) && !optional.includes(field)) throw new MongoError('FailedToParse', `Unrecognized parameter to ${name}: ${field}`);
  }
  for (const field of required) if (!(field in operand)) throw new MongoError('FailedToParse', `Missing '${field}' parameter to ${name}`);
  return operand;
}

function cond(operand, name) {
  let parts = operand;
  if (isDocument(operand)) {
    const { if: condition, then, else: otherwise } = named(operand, name, ['if', 'then', 'else']);
    parts = [condition, then, otherwise];
  }
  if (!Array.isArray(parts) || parts.length !== 3) throw new MongoError(16020, 'Expression $cond takes exactly 3 arguments.');
  const [condition, then, otherwise] = parts.map(compile);
  return (document, variables) => (truthy(condition(document, variables)) ? then : otherwise)(document, variables);
}

function ifNull(operand) {
  const choices = compileArguments(operand);
  if (choices.length < 2) throw new MongoError(1257300, `$ifNull needs at least two arguments, had: ${choices.length}`);
  return (document, variables) => {
    for (let i = 0; i < choices.length - 1; i++) {
      const value = choices[i](document, variables);
      if (!isNullish(value)) return value;
    }
    return choices.at(-1)(document, variables);
  };
}

function choose(operand, name) {
  const { branches, default: otherwise } = named(operand, name, ['branches'], ['default']);
  const cases = branches.map(branch => {
    const { case: condition, then } = named(branch, name, ['case', 'then']);
    return { condition: compile(condition), then: compile(then) };
  });
  const fallback = otherwise === undefined ? undefined : compile(otherwise);
  return (document, variables) => {
    for (const { condition, then } of cases) if (truthy(condition(document, variables))) return then(document, variables);
    if (fallback === undefined) throw new MongoError(40066, '$switch could not find a matching branch for an input, and no default was specified.');
    return fallback(document, variables);
  };
}

function bind(operand, name) {
  const { vars, in: body } = named(operand, name, ['vars', 'in']);
  const bindings = Object.entries(vars).map(([variable, value]) => [variable, compile(value)]);
  const compiled = compile(body);
  return (document, variables) => {
    const inner = { ...variables };
    for (const [variable, value] of bindings) inner[variable] = value(document, variables);
    return compiled(document, inner);
  };
}

function inputArray(value, name) {
  if (!Array.isArray(value)) throw new MongoError(28651, `input to ${name} must be an array`);
  return value;
}

function map(operand, name) {
  const { input, as = 'this', in: body } = named(operand, name, ['input', 'in'], ['as']);
  const source = compile(input);
  const compiled = compile(body);
  return (document, variables) => {
    const values = source(document, variables);
    if (isNullish(values)) return null;
    return inputArray(values, name).map(value => compiled(document, { ...variables, [as]: value }) ?? null);
  };
}

function filter(operand, name) {
  const { input, as = 'this', cond: condition } = named(operand, name, ['input', 'cond'], ['as']);
  const source = compile(input);
  const compiled = compile(condition);
  return (document, variables) => {
    const values = source(document, variables);
    if (isNullish(values)) return null;
    return inputArray(values, name).filter(value => truthy(compiled(document, { ...variables, [as]: value })));
  };
}

function reduce(operand, name) {
  const { input, initialValue, in: body } = named(operand, name, ['input', 'initialValue', 'in']);
  const source = compile(input);
  const initial = compile(initialValue);
  const compiled = compile(body);
  return (document, variables) => {
    const values = source(document, variables);
    if (isNullish(values)) return null;
    let value = initial(document, variables);
    for (const each of inputArray(values, name)) value = compiled(document, { ...variables, value, this: each });
    return value;
  };
}

export const conditionalOperators = {
  $cond: cond,
  $ifNull: ifNull,
  $switch: choose,
  $let: bind,
  $map: map,
  $filter: filter,
  $reduce: reduce,
  $literal: operand => () => operand,
  $and(operand) {
    const terms = compileArguments(operand);
    return (document, variables) => terms.every(term => truthy(term(document, variables)));
  },
  $or(operand) {
    const terms = compileArguments(operand);
    return (document, variables) => terms.some(term => truthy(term(document, variables)));
  },
  $not(operand) {
    const [term] = compileArguments(operand);
    return (document, variables) => !truthy(term(document, variables));
  },
};
