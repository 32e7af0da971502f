#!/usr/bin/env node
// Starts the server: `devmongo.mjs [--port N] [--exit-with-parent]`. Prints {"port":N} once it listens.
import { parseArgs } from 'node:util';
import { Server } from './lib/server.mjs';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'exit-with-parent': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write('devmongo.mjs [--port N] [--exit-with-parent]\n'
    + '  --port N            listen on 127.0.0.1:N; 0, the default, picks a free port\n'
    + '  --exit-with-parent  stop when standard input closes\n');
  process.exit(0);
}

const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  process.stderr.write(`--port ${values.port}: a number from 0 to 65535 is expected\n`);
  process.exit(2);
}

const server = new Server();
try {
  await server.listen(port);
} catch (error) {
  process.stderr.write(error.code === 'EADDRINUSE'
    ? `Port ${port} on 127.0.0.1 is taken; choose another with --port\n` : `Cannot listen on 127.0.0.1:${port}: ${error.message}\n`);
  process.exit(1);
}
process.stdout.write(`${JSON.stringify({ port: server.port })}\n`);

async function stop() {
  await server.close();
  process.exit(0);
}
process.once('SIGTERM', stop);
if (!values['exit-with-parent']) {
  process.once('SIGINT', stop);
} else {
  // Ctrl-C reaches every process of the terminal at once; the parent still needs the store for what it has under way.
  process.on('SIGINT', () => {});
  process.stdin.once('close', stop);
  process.stdin.once('error', stop);
  process.stdin.resume();
}
