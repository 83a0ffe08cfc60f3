import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Hono } from 'hono';
import { listen } from './listen.ts';

it('a server that is closed waits for the work of a caller that went away', async () => {
  const begun = Promise.withResolvers<Socket>();
  const work = Promise.withResolvers<void>();
  const steps: string[] = [];
  const app = new Hono<{ Bindings: { incoming: IncomingMessage } }>();
  app.get('/', async ({ env, text }) => {
    begun.resolve(env.incoming.socket);
    await work.promise;
    steps.push('worked');
    return text('');
  });
  const server = await listen(app as unknown as Hono, 0);
  const caller = connect(Number(new URL(server.url).port), '127.0.0.1');
  await once(caller, 'connect');
  caller.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
  const connection = await begun.promise;
  const closed = server.close().then(() => steps.push('closed'));
  caller.destroy();
  await once(connection, 'close');
  await setImmediate();
  work.resolve();
  await closed;
  assert.deepEqual(steps, ['worked', 'closed']);
});
