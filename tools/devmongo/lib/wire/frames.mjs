// Puts messages together from what the socket delivers. A message that came in pieces is copied once, into a buffer
// of its own size.
import { readInt32 } from '../bson/raw.mjs';

export const HEADER = 16;
export const MAX_MESSAGE = 48_000_000;

/** Bytes that are no MongoDB message; the connection has to be closed. */
export class FrameError extends Error {}

export class FrameReader {
  #header = Buffer.alloc(HEADER);
  #headerLength = 0;
  #message = undefined;
  #filled = 0;

  /** Takes in a piece and calls back with each message that is complete; the buffer is the receiver's to keep. */
  push(piece, onMessage) {
    let at = 0;
    while (at < piece.length) {
      if (this.#message === undefined && this.#headerLength === 0 && piece.length - at >= HEADER) {
        const length = checkedLength(readInt32(piece, at));
        if (piece.length - at >= length) {
          onMessage(piece.subarray(at, at + length));
          at += length;
          continue;
        }
        this.#message = Buffer.allocUnsafeSlow(length);
        this.#filled = 0;
      }
      at = this.#message === undefined ? this.#takeHeader(piece, at) : this.#takeBody(piece, at, onMessage);
    }
  }

  #takeHeader(piece, at) {
    const end = at + piece.copy(this.#header, this.#headerLength, at);
    this.#headerLength += end - at;
    if (this.#headerLength === HEADER) {
      this.#message = Buffer.allocUnsafeSlow(checkedLength(readInt32(this.#header, 0)));
      this.#filled = this.#header.copy(this.#message);
      this.#headerLength = 0;
    }
    return end;
  }

  #takeBody(piece, at, onMessage) {
    const message = this.#message;
    const end = at + piece.copy(message, this.#filled, at);
    this.#filled += end - at;
    if (this.#filled === message.length) {
      this.#message = undefined;
      onMessage(message);
    }
    return end;
  }
}

function checkedLength(length) {
  if (length < HEADER || length > MAX_MESSAGE) throw new FrameError(`message length ${length} is out of bounds`);
  return length;
}
