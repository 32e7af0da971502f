// What the cases are written in.
import { Binary, Double } from 'bson';

/** Something is there; what, differs from server to server. */
export const ANY = Symbol('any');
/** In a reply: an open cursor's id, remembered. In a command: the id remembered last. */
export const CURSOR = Symbol('cursor');

export function double(value) {
  return new Double(value);
}

export const OK = double(1);
export const FAILED = double(0);

/** The same values in whatever order. */
export function anyOrder(values) {
  return { anyOrder: values };
}

// Today: measurements of the past would expire.
const day = new Date();
day.setUTCHours(0, 0, 0, 0);

export function at(hour, minute) {
  return new Date(day.getTime() + (hour * 60 + minute) * 60_000);
}

export const dayText = day.toISOString().slice(0, 10);

export function uuid(number) {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32BE(number, 12);
  return new Binary(bytes, 4);
}

export function measurement(i) {
  return {
    _id: uuid(i), timestamp: at(10, 7 * i), meta: { device: `d${i % 3}`, zone: `z${i % 2}`, type: 'telemetry' }, temperature: double(20 + i / 4),
    humidity: double(40),
  };
}

/** Documents with the `_id`s from `from` up to but not including `to`. */
export function ids(from, to) {
  return Array.from({ length: to - from }, (_, i) => ({ _id: from + i }));
}

/** What happens after a case, before the next. */
export function commit(session) {
  return { commit: session };
}

export function abort(session) {
  return { abort: session };
}

export function outside(command) {
  return { outside: command };
}
