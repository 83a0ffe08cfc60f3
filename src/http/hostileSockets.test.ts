import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Hono, type Context } from 'hono';
import { TestClock } from '../ledger/test/TestClock.ts';
import { systemClock } from '../folder/systemClock.ts';
import { answerProblem } from './answerProblem.ts';
import { createLimiter } from './limits/createLimiter.ts';
import { visiting } from './limits/RequestScope.ts';
import { listen, type Listening } from './listen.ts';
import { headOf, RawCaller } from './test/RawCaller.ts';

/** The next part of an answer that has no end. */
function more(controller: ReadableStreamDefaultController): void {
  controller.enqueue(new Uint8Array(65_536).fill(0x61));
}

/** The places of the server. */
const PLACES = 16;

describe('a server that broken and greedy connections come to', { timeout: 60_000 }, () => {
  let clock: TestClock;
  let server: Listening;
  let caller: RawCaller;
  /** Number of requests under way. */
  let inside: number;
  /** Answers the requests that wait. */
  let answer: () => void;
  /** Resolves once so many requests are under way. */
  let reached: (count: number) => Promise<void>;

  beforeEach(async () => {
    clock = new TestClock(0);
    inside = 0;
    const waiting: (() => void)[] = [];
    const watchers: { count: number; resolve: () => void }[] = [];
    const tell = (): void => {
      for (const each of watchers) if (inside === each.count) each.resolve();
    };
    answer = () => {
      for (const resolve of waiting.splice(0)) resolve();
    };
    reached = async (count) => {
      const now = Promise.withResolvers<void>();
      if (inside === count) now.resolve();
      else watchers.push({ count, resolve: now.resolve });
      await now.promise;
    };
    const door = createLimiter({ requests: PLACES * 8, waiting: 8, patience: 60_000 }, systemClock);
    const work = async (c: Context, act: () => Promise<Response>): Promise<Response> =>
      await visiting(c, async (visit) => {
        await door.enter(visit, 'request');
        inside += 1;
        visit.hold(() => {
          inside -= 1;
          tell();
        });
        tell();
        return await act();
      });
    const app = new Hono().onError(answerProblem);
    app.get('/quick', (c) => c.text('quick'));
    app.post(
      '/body',
      async (c) =>
        await visiting(c, async (visit) =>
          c.text(`${(await door.readBytes(visit, c.req.raw)).length}`),
        ),
    );
    app.get(
      '/slow',
      async (c) =>
        await work(c, async () => {
          await new Promise<void>((resolve) => {
            waiting.push(resolve);
          });
          return c.text('slow');
        }),
    );
    app.get(
      '/large',
      async (c) =>
        await work(c, async () => {
          return await Promise.resolve(new Response(new ReadableStream({ pull: more })));
        }),
    );
    server = await listen(app, 0, '127.0.0.1', { clock });
    caller = new RawCaller(Number(new URL(server.url).port), '127.0.0.2');
  });

  afterEach(async () => {
    answer();
    caller.leave();
    await reached(0);
    await server.close();
    assert.equal(clock.pending, 0);
  });

  /** Tells whether another caller is answered. */
  async function isOpen(): Promise<boolean> {
    return (await (await fetch(`${server.url}/quick`)).text()) === 'quick';
  }

  it('gives back the places of requests that came one behind the other, when their caller leaves', async () => {
    const socket = await caller.send(headOf('GET /slow').repeat(PLACES));
    await reached(PLACES);
    socket.resetAndDestroy();
    await reached(0);
    await caller.send(headOf('GET /slow').repeat(PLACES));
    await reached(PLACES);
  });

  // @attack rubbish behind a request puts a problem into another answer | the connection is cut off
  it('writes no problem into an answer that is under way', async () => {
    const socket = await caller.send(headOf('GET /large'));
    const all = everything(socket);
    await once(socket, 'data');
    socket.write('no request\r\n\r\n');
    const [came] = await Promise.all([all, reached(0)]);
    assert.doesNotMatch(came, /HTTP\/1\.1 400/);
  });

  it('answers no request with the problem of a later one', async () => {
    const socket = await caller.send(`${headOf('GET /slow')}no request\r\n\r\n`);
    assert.equal(await everything(socket), '');
    await reached(0);
  });

  it('answers the requests before a broken one, and then that', async () => {
    const socket = await caller.send(headOf('GET /quick'));
    const all = everything(socket);
    await once(socket, 'data');
    socket.write('no request\r\n\r\n');
    const came = await all;
    assert.match(came, /^HTTP\/1\.1 200 .*quickHTTP\/1\.1 400 .*"code":"REQUEST_MALFORMED"/s);
  });

  // @attack a caller never reads its answer | cut off, its place given back
  it('cuts off a caller that never reads an answer, and gives its place back', async () => {
    const socket = await caller.send(headOf('GET /large'));
    socket.pause();
    await reached(1);
    // The rest waits in the socket once the system's buffers are full.
    let free = false;
    const freed = reached(0).then(() => {
      free = true;
    });
    const look = (): void => {
      clock.advance(2500);
      if (!free) setImmediate(look);
    };
    look();
    await freed;
    assert.ok(await isOpen());
  });

  // @attack a request is smuggled in a body | refused, one answer
  it('takes no request out of a body: lengths that contradict each other, and odd encodings', async () => {
    const smuggled = headOf('GET /slow');
    const chunked = 'transfer-encoding: chunked';
    const odd: readonly string[] = [
      headOf('POST /body', 'content-length: 0', chunked) + `0\r\n\r\n${smuggled}`,
      headOf('POST /body', `content-length: ${smuggled.length}`, 'content-length: 0') + smuggled,
      headOf('POST /body', 'content-length: +4') + smuggled,
      headOf('POST /body', 'content-length: 0x4') + smuggled,
      headOf('POST /body', 'content-length: 4 4') + smuggled,
      headOf('POST /body', 'content-length : 4') + smuggled,
      headOf('POST /body', 'transfer-encoding: chunked, identity') + `0\r\n\r\n${smuggled}`,
      headOf('POST /body', 'transfer-encoding: identity, chunked') + `x\r\n${smuggled}`,
      headOf('POST /body', 'transfer-encoding: xchunked') + smuggled,
      headOf('POST /body', 'transfer-encoding:\u000bchunked') + smuggled,
      headOf('POST /body', 'x: y\ntransfer-encoding: chunked') + smuggled,
      headOf('POST /body', 'x: y', ' transfer-encoding: chunked') + smuggled,
      headOf('POST /body', chunked) + `0;\r\nx\r\n${smuggled}`,
      headOf('POST /body', chunked) + `-0\r\n\r\n${smuggled}`,
      headOf('POST /body', chunked) + `0 \n\n${smuggled}`,
      `POST /body HTTP/1.1\nhost: 127.0.0.1\ncontent-length: 0\n\n${smuggled}`,
    ];
    for (const bytes of odd) {
      const came = await caller.ask(bytes);
      assert.match(came, /^HTTP\/1\.1 400 /, bytes);
      assert.equal(came.split('HTTP/1.1').length, 2, `one answer: ${bytes}`);
      assert.equal(inside, 0, bytes);
    }
  });

  it('refuses the body of a GET, which nobody would read while its request waits', async () => {
    for (const header of ['content-length: 10', 'transfer-encoding: chunked']) {
      const came = await caller.ask(headOf('GET /slow', header));
      assert.match(came, /^HTTP\/1\.1 400 .*^connection: close\r$.*"code":"REQUEST_MALFORMED"/ims);
      assert.equal(inside, 0);
    }
    assert.match(await caller.ask(headOf('GET /quick', 'content-length: 0', 'connection: close')), /quick$/); // prettier-ignore
  });

  it('changes no protocol for those who ask', async () => {
    const upgrades = [
      headOf('GET /quick', 'connection: upgrade, close', 'upgrade: websocket'),
      headOf('GET /quick', 'connection: upgrade, http2-settings, close', 'upgrade: h2c', 'http2-settings: AAMAAABkAAQAAP__'), // prettier-ignore
    ];
    for (const bytes of upgrades)
      assert.match(await caller.ask(bytes), /^HTTP\/1\.1 200 .*quick$/s);
    assert.match(await caller.ask('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), /^HTTP\/1\.1 400 /);
    assert.match(await caller.ask('\u0016\u0003\u0001\u0002\u0000\u0001\u0000'), /^HTTP\/1\.1 400 /); // prettier-ignore
    assert.equal(await caller.ask(headOf('CONNECT 127.0.0.1:1')), '');
    assert.ok(await isOpen());
  });

  it('answers a caller that sends all and then ends', async () => {
    const socket = await caller.send(headOf('GET /quick'));
    socket.end();
    assert.match(await text(socket), /^HTTP\/1\.1 200 .*quick$/s);
  });

  it('lets go of a caller that ends in the middle of a head or a body', async () => {
    const halves = ['GET /quick HT', headOf('POST /body', 'content-length: 10') + 'abc'];
    for (const bytes of halves) {
      const socket = await caller.send(bytes);
      socket.end();
      assert.match(await text(socket), /^HTTP\/1\.1 400 /);
    }
    assert.ok(await isOpen());
  });
});

/** All that comes until the other side ends, or cuts off. */
async function everything(socket: Socket): Promise<string> {
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => {
    // Of a large answer only the end matters.
    parts.splice(0, parts.length - 40);
    parts.push(part);
  });
  if (!socket.closed) await once(socket, 'close');
  return Buffer.concat(parts).toString('latin1');
}
