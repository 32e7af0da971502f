// The program: how it starts and how it ends.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { Client } from './support/client.mjs';

const PROGRAM = fileURLToPath(new URL('../devmongo.mjs', import.meta.url));

function start(...args) {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.ended = once(child, 'exit').then(([code]) => code);
  return child;
}

async function output(stream) {
  let text = '';
  for await (const piece of stream) text += piece;
  return text;
}

async function readyPort(child) {
  const [line] = await once(child.stdout, 'data');
  return JSON.parse(line).port;
}

test('It prints its port, answers there, and stops on SIGTERM', async () => {
  const child = start();
  const port = await readyPort(child);
  const client = await Client.connect(port);

  const reply = await client.run('admin', { hello: 1 });
  child.kill('SIGTERM');

  assert.deepEqual(reply.hosts, [`127.0.0.1:${port}`]);
  assert.equal(await child.ended, 0);
  await client.closed;
});

test('With --exit-with-parent it stops when its input closes', async () => {
  const child = start('--exit-with-parent');
  await readyPort(child);

  child.stdin.end();

  assert.equal(await child.ended, 0);
});

test('A port that is taken is said', async () => {
  const first = start();
  const port = await readyPort(first);
  const second = start('--port', String(port));

  const said = await output(second.stderr);
  const code = await second.ended;
  first.kill('SIGTERM');
  await first.ended;

  assert.equal(code, 1);
  assert.match(said, new RegExp(`Port ${port} .* is taken.*--port`));
});

test('A port that is none is said', async () => {
  const child = start('--port', 'x');

  assert.match(await output(child.stderr), /--port x/);
  assert.equal(await child.ended, 2);
});
