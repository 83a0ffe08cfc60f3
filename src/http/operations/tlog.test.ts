import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort, TileQuery } from '../../protocol/AgentPort.ts';
import { networkApp } from '../networkApp.ts';

const root = `0x${'ab'.repeat(32)}` as const;
const note = 'medseal.test/care/hospital\n300\nroot\n\n— signature\n';
const asked: TileQuery[] = [];

const agent = {
  checkpoint: async (log: string) => {
    if (log !== 'care/hospital') throw new MedsealError('NOT_FOUND', { what: 'log' });
    return await Promise.resolve({ log, size: 300, root, note, signatures: [] });
  },
  tile: async (query: TileQuery) => {
    asked.push(query);
    return await Promise.resolve('0x00ff10' as const);
  },
} as unknown as AgentPort;

const app = networkApp(new Map([['hospital', agent]]));

async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  const url = `http://127.0.0.1:8480/hospital/v1/tlog/${path}`;
  return await app.request(url, { headers: { host: '127.0.0.1:8480', ...headers } });
}

describe('a log as tlog-tiles', () => {
  it('gives the newest checkpoint as text, with a tag that says whether it is still the same', async () => {
    const response = await get('care/hospital/checkpoint');
    assert.equal(await response.text(), note);
    assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8');
    assert.equal(response.headers.get('cache-control'), 'no-cache');
    const tag = response.headers.get('etag') ?? '';
    assert.equal(tag, `"300-${'ab'.repeat(32)}"`);
    for (const known of [tag, `"x", ${tag}`, '*']) {
      const again = await get('care/hospital/checkpoint', { 'if-none-match': known });
      assert.deepEqual([again.status, await again.text()], [304, '']);
    }
    const other = await get('care/hospital/checkpoint', { 'if-none-match': '"299-00"' });
    assert.equal(other.status, 200);
  });

  it('gives the bytes of tiles and bundles; full ones may be kept for ever', async () => {
    const log = 'care/hospital';
    const tiles: [string, Omit<TileQuery, 'log'>, RegExp][] = [
      ['tile/0/000', { level: 0, index: 0, width: 256 }, /immutable/],
      ['tile/0/001.p/44', { level: 0, index: 1, width: 44 }, /^public, max-age=60$/],
      ['tile/1/x001/x234/067', { level: 1, index: 1_234_067, width: 256 }, /immutable/],
      ['tile/entries/000', { level: 'entries', index: 0, width: 256 }, /immutable/],
      ['tile/entries/001.p/1', { level: 'entries', index: 1, width: 1 }, /max-age=60$/],
    ];
    for (const [path, query, caching] of tiles) {
      const response = await get(`${log}/${path}`);
      assert.deepEqual(new Uint8Array(await response.arrayBuffer()), Uint8Array.of(0, 255, 16));
      assert.equal(response.headers.get('content-type'), 'application/octet-stream');
      assert.match(response.headers.get('cache-control') ?? '', caching);
      assert.deepEqual(asked.at(-1), { log, ...query });
    }
  });

  for (const path of [
    'care/hospital/tile/0/0',
    'care/hospital/tile/0/000.p/256',
    'care/hospital/tile/x/000',
    'care/hospital/tile/',
    'care/hospital/tile/0/000/',
    'care/hospital/tile/0/000%2Ep/44/..',
    'care/hospital/',
    'care/checkpoint',
    'care/nobody/checkpoint',
  ]) {
    it(`knows nothing at ${path}`, async () => {
      const response = await get(path);
      assert.equal(response.status, 404);
      assert.equal(response.headers.get('content-type'), 'application/problem+json');
    });
  }
});
