// Resume tokens: where a stream stands, as a text that clients hand back unread and that sorts as its changes do.
import { MongoError } from '../errors.mjs';

const FORM = /^82[0-9A-F]{16}([0-9A-F]{12})([0-9A-F]{8})(00|01)$/;

/** The token after `position - 1`, the last change that was read; one that ended its stream says so. */
export function resumeToken(log, position, { isInvalidate = false } = {}) {
  const time = log.timeBefore(position);
  const text = `82${hex(time.t, 8)}${hex(time.i, 8)}${hex(position, 12)}${log.id}${isInvalidate ? '01' : '00'}`;
  return { _data: text.toUpperCase() };
}

function hex(number, digits) {
  return number.toString(16).padStart(digits, '0');
}

/** The position to read on from; `isInvalidate` if the token is of the end of a stream. */
export function readToken(log, token) {
  const text = token?._data;
  if (typeof text !== 'string') throw new MongoError(40648, 'Bad resume token: _data of missing or of wrong type');
  if (!/^([0-9A-Fa-f]{2})*$/.test(text)) throw new MongoError('FailedToParse', 'resume token string was not a valid hex string');
  const [, position, id, isInvalidate] = FORM.exec(text) ?? [];
  if (id === undefined || id.toLowerCase() !== log.id || parseInt(position, 16) > log.end) {
    const error = new MongoError('ChangeStreamFatalError', `cannot resume stream; the resume token was not found. { _data: "${text}" }`);
    error.labels = ['NonResumableChangeStreamError'];
    throw error;
  }
  return { position: parseInt(position, 16), isInvalidate: isInvalidate === '01' };
}
