import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { it } from 'node:test';
import { Hono } from 'hono';
import { listen } from './listen.ts';

it('a caller that sends the head of a request drop by drop is told so, and cut off, within 20 s', async (t) => {
  const server = await listen(new Hono(), 0);
  t.after(async () => await server.close());
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  await once(socket, 'connect');
  const began = performance.now();
  socket.write('GET / HTTP/1.1\r\n');
  const drop = setInterval(() => socket.write('x: y\r\n'), 1000);
  t.after(() => clearInterval(drop));
  const answer = await text(socket);
  assert.match(answer, /^HTTP\/1\.1 408 .*"code":"REQUEST_SLOW"/s);
  assert.ok(performance.now() - began < 25_000, 'a slow machine is given 5 s more');
});
