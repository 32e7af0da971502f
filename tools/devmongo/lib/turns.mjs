// Long reads give way to other requests: the server has one thread, and a report over millions of documents must not
// keep a heartbeat waiting.

const TURN_MS = 20;

/**
 * Calls `step()` until it says that it is done, letting other work through after each turn of some milliseconds.
 * Gives `finish()`, or a promise of it if it took more than one turn.
 */
export function inTurns(step, finish) {
  const until = performance.now() + TURN_MS;
  for (;;) {
    if (step()) return finish();
    if (performance.now() > until) return new Promise(resolve => { setImmediate(resolve); }).then(() => inTurns(step, finish));
  }
}
