// One client's connection: messages in, replies out, one after the other.
import { CLOSE, dispatch, failure } from '../dispatch.mjs';
import { FrameError, FrameReader } from './frames.mjs';
import { parseMessage, replyTo } from './messages.mjs';

const MAX_WAITING = 64;

export class Connection {
  #reader = new FrameReader();
  #waiting = [];
  #busy = false;
  #timers = new Set();

  constructor(server, socket, id) {
    this.server = server;
    this.socket = socket;
    this.id = id;
    this.appName = undefined;
    this.closed = false;
    socket.setNoDelay(true);
    socket.on('data', piece => this.#receive(piece));
    socket.on('drain', () => this.#resume());
    socket.on('error', () => this.close());
    socket.on('close', () => this.close());
  }

  /**
   * Waits, at most until what `whenWoken` is given is called; unless the connection closes first: then for ever, and nothing is left behind.
   */
  sleep(milliseconds, whenWoken = undefined) {
    return new Promise(resolve => {
      const wake = () => {
        clearTimeout(timer);
        this.#timers.delete(timer);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.#timers.add(timer);
      if (this.closed) clearTimeout(timer);
      whenWoken?.(wake);
    });
  }

  close() {
    if (this.closed) return;
    this.closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#waiting = [];
    this.socket.destroy();
    this.server.forget(this);
  }

  #receive(piece) {
    try {
      this.#reader.push(piece, message => this.#take(message));
    } catch (error) {
      if (!(error instanceof FrameError)) this.server.report(error);
      this.close();
    }
  }

  #take(message) {
    if (this.closed) return;
    if (this.#busy) {
      this.#waiting.push(message);
      if (this.#waiting.length >= MAX_WAITING) this.socket.pause();
      return;
    }
    this.#handle(message);
  }

  #handle(message) {
    const parsed = parseMessage(message);
    const reply = parsed.error === undefined ? dispatch(this.server, this, parsed.request) : failure(this.server, parsed.error, {});
    if (reply instanceof Promise) {
      this.#busy = true;
      reply.then(answer => this.#answerLater(parsed, answer), error => {
        this.server.report(error, parsed.request);
        this.close();
      });
    } else {
      this.#answer(parsed, reply);
    }
  }

  #answerLater(parsed, reply) {
    if (this.closed) return;
    this.#answer(parsed, reply);
    this.#busy = false;
    try {
      while (!this.#busy && !this.closed && this.#waiting.length > 0) this.#handle(this.#waiting.shift());
    } catch (error) {
      if (!(error instanceof FrameError)) this.server.report(error);
      this.close();
      return;
    }
    this.#resume();
  }

  #answer(parsed, reply) {
    if (reply === CLOSE) {
      this.close();
      return;
    }
    if (!parsed.wantsReply) return;
    if (!this.socket.write(replyTo(parsed, reply))) this.socket.pause();
  }

  #resume() {
    if (!this.closed && !this.#busy && !this.socket.writableNeedDrain) this.socket.resume();
  }
}
