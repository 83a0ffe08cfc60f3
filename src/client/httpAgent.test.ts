import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { collectBytes } from '../crypto/sealing/collectBytes.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { httpAgent } from './httpAgent.ts';

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

describe('an agent across the network', () => {
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
