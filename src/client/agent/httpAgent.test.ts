import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { httpAgent } from './httpAgent.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const TICKET = '0'.repeat(32);
const FILE = `0x${'ab'.repeat(32)}` as const;
const WHOLE = new Uint8Array(100_000).map((_, place) => place % 251);

/** A node that breaks the connection after so many bytes of each answer, and the ranges that it is asked for. */
async function breakingNode(
  t: TestContext,
  after: number,
): Promise<{ readonly url: string; readonly asked: (string | undefined)[] }> {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const { range } = request.headers;
    asked.push(range);
    const [, first = '0', last = `${WHOLE.length - 1}`] =
      /^bytes=(\d+)-(\d+)?$/.exec(range ?? '') ?? [];
    const part = WHOLE.slice(Number(first), Number(last) + 1);
    response.writeHead(range === undefined ? 200 : 206, {
      'content-length': part.length,
      ...(range !== undefined && { 'content-range': `bytes ${first}-${last}/${WHOLE.length}` }),
    });
    if (part.length <= after) response.end(part);
    else response.write(part.slice(0, after), () => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** A node that takes any file, and forgets it as it comes. */
async function takingNode(t: TestContext): Promise<string> {
  const server = createServer((request, response) => {
    request.on('end', () => response.writeHead(204).end()).resume();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function* whole(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(WHOLE);
}

describe('an agent across the network', () => {
  it('keeps nothing of a file that it has sent', async (t) => {
    const agent = httpAgent(await takingNode(t));
    let [sent, most] = [0, 0];
    collectGarbage();
    const before = process.memoryUsage().arrayBuffers;
    const message = { file: FILE } as Signed<'Upload'>['message'];
    await agent.upload({ message } as Signed<'Upload'>, pieces());
    assert.equal(sent, 256 * 2 ** 20);
    assert.ok(most - before < 128 * 2 ** 20, `${(most - before) >> 20} MiB were held`);

    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (; sent < 256 * 2 ** 20; sent += 2 ** 20) {
        yield await Promise.resolve(new Uint8Array(2 ** 20));
        if (sent % (32 * 2 ** 20) !== 0) continue;
        // Otherwise it counts what nobody holds, and the process has not collected yet.
        collectGarbage();
        most = Math.max(most, process.memoryUsage().arrayBuffers);
      }
    }
  });

  it('sends a file nowhere else, whatever the node answers', async (t) => {
    const elsewhere = await takingNode(t);
    const answer = new Response(null, { status: 307, headers: { location: `${elsewhere}/` } });
    const server = createServer((request, response) => {
      response.writeHead(answer.status, Object.fromEntries(answer.headers)).end();
      request.resume();
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    t.after(() => {
      server.close();
      server.closeAllConnections();
    });
    const agent = httpAgent(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const message = { file: FILE } as Signed<'Upload'>['message'];
    await assert.rejects(
      agent.upload({ message } as Signed<'Upload'>, whole()),
      failsWith('PEER_UNREACHABLE'),
    );
  });

  it('asks for the rest of a file where the connection breaks', async (t) => {
    const { url, asked } = await breakingNode(t, 40_000);
    const got = await collectBytes(httpAgent(url).download(TICKET, FILE));
    assert.equal(Buffer.compare(got, WHOLE), 0);
    assert.equal(asked[0], undefined);
    assert.ok(
      asked.length >= 3 && asked.slice(1).every((range) => /^bytes=\d+-$/.test(range ?? '')),
    );
  });

  it('asks for a part of a file, and for the rest of that', async (t) => {
    const { url, asked } = await breakingNode(t, 40_000);
    const agent = httpAgent(url);
    const range = { from: 10, to: 60_010 };
    const got = await collectBytes(agent.download(TICKET, FILE, range));
    assert.equal(Buffer.compare(got, WHOLE.subarray(range.from, range.to)), 0);
    assert.ok(asked.every((each) => each?.endsWith('-60009')));
    assert.equal(await agent.fileSize(TICKET, FILE), WHOLE.length);
    assert.deepEqual(
      await collectBytes(agent.download(TICKET, FILE, { from: 5, to: 5 })),
      new Uint8Array(),
    );
  });

  it('gives up where the connection breaks again and again', async (t) => {
    const { url, asked } = await breakingNode(t, 10);
    await assert.rejects(
      collectBytes(httpAgent(url).download(TICKET, FILE)),
      failsWith('PEER_UNREACHABLE'),
    );
    assert.equal(asked.length, 5);
  });

  it('asks once more for a file that stands still, and ends it if that stands still too', async (t) => {
    const asked: (string | undefined)[] = [];
    const ended = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const server = createServer((request, response) => {
      asked.push(request.headers.range);
      const end = ended[asked.length - 1];
      response.once('close', () => end?.resolve(undefined));
      const size = WHOLE.length;
      const range = { 'content-range': `bytes 10-${size - 1}/${size}` };
      response.writeHead(asked.length === 1 ? 200 : 206, asked.length === 1 ? {} : range);
      response.write(WHOLE.slice(0, 10));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    t.after(() => {
      server.close();
      server.closeAllConnections();
    });
    const { setTimeout: after } = globalThis;
    let parts = 0;
    t.mock.method(globalThis, 'setTimeout', (run: () => void, milliseconds: number) => {
      if (milliseconds !== 60_000) return after(run, milliseconds);
      parts += 1;
      // The second wait of each connection is for what does not come.
      if (parts % 2 === 0) setImmediate(run);
      return undefined;
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const reading = collectBytes(httpAgent(url).download(TICKET, FILE));
    await assert.rejects(reading, failsWith('PEER_UNREACHABLE'));
    await Promise.all(ended.map(async ({ promise }) => await promise));
    assert.deepEqual(asked, [undefined, 'bytes=10-']);
  });

  it('takes no answer of another form, none without end, and none from elsewhere', async () => {
    let sent = 0;
    const endless = new ReadableStream({
      pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(8 * 2 ** 20));
      },
    });
    const answers: [BodyInit, string][] = [
      ['[]', 'answer'],
      ['{"party":{"toString":1},"recipient":7}', 'answer'],
      ['"'.repeat(3), 'answer'],
      [Uint8Array.of(0x22, 0xff, 0x22), 'answer'],
      [endless, 'answer: it has more than 231495 bytes'],
    ];
    for (const [body, what] of answers) {
      const inits: (RequestInit | undefined)[] = [];
      const agent = httpAgent('http://127.0.0.1:1', async (_, init) => {
        inits.push(init);
        return await Promise.resolve(new Response(body));
      });
      await assert.rejects(
        agent.card(`0x${'ab'.repeat(20)}`),
        failsWith('PEER_MALFORMED', { what }),
      );
      assert.equal(inits[0]?.redirect, 'error');
      assert.ok(inits[0]?.signal instanceof AbortSignal, 'it is given up in time');
    }
    assert.ok(sent < 25, `${sent} pieces`);
  });

  it('is unreachable if a proxy answers in its place, and malformed if it answers so itself', async () => {
    const problem = { headers: { 'content-type': 'application/problem+json' } };
    for (const status of [502, 503, 504]) {
      for (const [init, code] of [
        [{ status, headers: { 'content-type': 'text/html' } }, 'PEER_UNREACHABLE'],
        [{ status }, 'PEER_UNREACHABLE'],
        [{ ...problem, status }, 'PEER_MALFORMED'],
      ] as const) {
        const answer = async (): Promise<Response> =>
          await Promise.resolve(new Response('<html>Bad Gateway</html>', init));
        await assert.rejects(httpAgent('http://127.0.0.1:1', answer).network(), failsWith(code));
      }
    }
    const closed = JSON.stringify({ code: 'CLOSED', values: { what: 'node' } });
    const own = async (): Promise<Response> =>
      await Promise.resolve(new Response(closed, { ...problem, status: 503 }));
    await assert.rejects(httpAgent('http://127.0.0.1:1', own).network(), failsWith('CLOSED'));
  });

  it('takes no whole file for a part', async () => {
    const answer = new Response(WHOLE);
    const agent = httpAgent(
      'http://127.0.0.1:1',
      async () => await Promise.resolve(answer.clone()),
    );
    const part = collectBytes(agent.download(TICKET, FILE, { from: 1, to: 2 }));
    await assert.rejects(part, failsWith('PEER_MALFORMED'));
    await assert.rejects(agent.fileSize(TICKET, FILE), failsWith('PEER_MALFORMED'));
  });
});
