// Types and conversions, where the difference between number types is the point.
import { Int32, ObjectId } from 'bson';
import { MongoError } from '../errors.mjs';
import { compileArguments, isNullish, truthy } from './expressions.mjs';
import { isNumber, toDouble } from './numbers.mjs';
import { typeOfValue } from './type-names.mjs';

function failed(value, to) {
  return new MongoError(241, `Unsupported conversion from ${typeOfValue(value)} to ${to} in $convert with no onError value`);
}

function conversion(convert) {
  return operand => {
    const [argument] = compileArguments(operand);
    return (document, variables) => {
      const value = argument(document, variables);
      return isNullish(value) ? null : convert(value);
    };
  };
}

function parse(value, to) {
  if (isNumber(value)) return toDouble(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date && to !== 'int') return value.getTime();
  if (typeof value !== 'string') throw failed(value, to);
  const number = value.trim() === value && value !== '' ? Number(value) : NaN;
  if (Number.isNaN(number) && value !== 'NaN') {
    throw new MongoError(241, `Failed to parse number '${value}' in $convert with no onError value`);
  }
  return number;
}

function toInt(value) {
  const number = Math.trunc(parse(value, 'int'));
  if ((number | 0) !== number) throw new MongoError(241, `Conversion would overflow target type in $convert with no onError value: ${number}`);
  return new Int32(number);
}

function toLong(value) {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'string' && /^[+-]?\d{1,19}$/.test(value)) return BigInt(value);
  const number = Math.trunc(parse(value, 'long'));
  if (!Number.isFinite(number) || Math.abs(number) >= 2 ** 63) {
    throw new MongoError(241, `Conversion would overflow target type in $convert with no onError value: ${number}`);
  }
  return BigInt(number);
}

function toText(value) {
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof ObjectId) return value.toHexString();
  if (value instanceof Int32) return String(value.value);
  if (['number', 'bigint', 'boolean'].includes(typeof value)) return String(value);
  throw failed(value, 'string');
}

function toDate(value) {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.getTimestamp();
  if (isNumber(value) && !(value instanceof Int32)) return new Date(Math.trunc(toDouble(value)));
  const date = typeof value === 'string' ? new Date(/[zZ]|[+-]\d\d:?\d\d$/.test(value) || !value.includes('T') ? value : `${value}Z`) : undefined;
  if (date === undefined) throw failed(value, 'date');
  if (Number.isNaN(date.getTime())) throw new MongoError(241, `Error parsing date string '${value}'`);
  return date;
}

export const conversionOperators = {
  $type(operand) {
    const [argument] = compileArguments(operand);
    return (document, variables) => typeOfValue(argument(document, variables));
  },
  $isNumber(operand) {
    const [argument] = compileArguments(operand);
    return (document, variables) => isNumber(argument(document, variables));
  },
  $toInt: conversion(toInt),
  $toLong: conversion(toLong),
  $toDouble: conversion(value => parse(value, 'double')),
  $toBool: conversion(value => (typeof value === 'string' ? true : truthy(value))),
  $toString: conversion(toText),
  $toDate: conversion(toDate),
};
