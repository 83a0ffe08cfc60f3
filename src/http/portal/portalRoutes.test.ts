import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { network } from '../../protocol/test/sampleNetwork.ts';
import { scratchFolder } from '../../node/test/scratchFolder.ts';
import { networkApp } from '../networkApp.ts';
import { writePortal } from '../test/writePortal.ts';
import { readPortal, type Portal } from './readPortal.ts';

const agent = {
  network: async () => await Promise.resolve(network),
  submit: async () => await Promise.resolve([]),
} as unknown as AgentPort;
const host = { host: '127.0.0.1:8480' };
const own = 'http://127.0.0.1:8480';

let portal: Portal | undefined;
let app: ReturnType<typeof networkApp>;

before(async () => {
  const folder = await scratchFolder();
  await writePortal(folder);
  portal = await readPortal(folder);
  await rm(folder, { recursive: true });
  app = networkApp(new Map([['hospital', agent]]), { portal });
});

async function get(
  path: string,
  headers: Record<string, string> = {},
  of = app,
): Promise<Response> {
  return await of.request(`${own}${path}`, { headers: { ...host, ...headers } });
}

async function cached(path: string): Promise<string | null> {
  return (await get(`/hospital/portal/${path}`)).headers.get('cache-control');
}

describe('the portal of an organisation', () => {
  it('is a page below the agent’s address, with and without a slash', async () => {
    const page = await get('/hospital/portal/');
    assert.equal(page.status, 200);
    assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.match(await page.text(), /The portal/);
    const bare = await get('/hospital/portal');
    assert.deepEqual([bare.status, bare.headers.get('location')], [308, '/hospital/portal/']);
  });

  it('has strict headers on every answer, also on one without a body', async () => {
    const tag = (await get('/hospital/portal/')).headers.get('etag') ?? '';
    const answers = [
      await get('/hospital/portal/'),
      await get('/hospital/portal/', { 'if-none-match': tag }),
      await get('/hospital/portal/assets/main-1.js'),
      await app.request(`${own}/hospital/portal/`, { method: 'HEAD', headers: host }),
    ];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 304, 200, 200],
    );
    for (const { headers } of answers) {
      assert.equal(headers.get('content-security-policy'), portal?.policy);
      assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin');
      assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
      assert.equal(headers.get('referrer-policy'), 'no-referrer');
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.match(headers.get('permissions-policy') ?? '', /^camera=\(self\), .*microphone=\(\)/);
      assert.equal(headers.get('access-control-allow-origin'), null);
    }
  });

  it('asks for its page each time, and for a file whose name has its hash only once', async () => {
    assert.equal(await cached(''), 'no-cache');
    assert.equal(await cached('icon.svg'), 'no-cache');
    assert.match((await cached('assets/main-1.js')) ?? '', /immutable/);
  });

  it('comes compressed to whoever takes that, under another tag', async () => {
    const path = '/hospital/portal/assets/main-1.js';
    const plain = await get(path);
    const compressed = await get(path, { 'accept-encoding': 'br, gzip' });
    assert.equal(plain.headers.get('content-encoding'), null);
    assert.equal(compressed.headers.get('content-encoding'), 'gzip');
    assert.equal(compressed.headers.get('vary'), 'accept-encoding');
    assert.notEqual(plain.headers.get('etag'), compressed.headers.get('etag'));
    const bytes = new Uint8Array(await compressed.arrayBuffer());
    assert.equal(gunzipSync(bytes).toString(), await plain.text());
  });

  for (const path of [
    'nothing.js',
    'portal.json',
    'assets/',
    'assets',
    '../v1/network',
    '%2e%2e/portal.json',
    'assets/..%2f..%2fportal.json',
    'index.html/',
    '.',
    '%00',
  ]) {
    it(`has nothing at ${path}`, async () => {
      const { pathname } = new URL(`${own}/hospital/portal/${path}`);
      const { status } = await get(pathname);
      assert.equal(status, pathname === '/hospital/v1/network' || path === '.' ? 200 : 404);
    });
  }

  it('is not there if the node serves none, and nobody is sent to it', async () => {
    const without = networkApp(new Map([['hospital', agent]]));
    for (const path of ['/hospital/portal', '/hospital/portal/', '/hospital/portal/icon.svg']) {
      assert.equal((await get(path, {}, without)).status, 404, path);
    }
    for (const path of ['/', '/hospital']) {
      assert.doesNotMatch(await (await get(path, {}, without)).text(), /portal/);
      assert.match(await (await get(path)).text(), /href="\/hospital\/portal\/"/);
    }
  });
});

describe('a page that calls the agent', () => {
  const path = '/hospital/v1/submissions';
  const statusOf = async (headers: Record<string, string>): Promise<number> => {
    const sent = { ...host, 'content-type': 'application/json', ...headers };
    return (await app.request(`${own}${path}`, { method: 'POST', headers: sent, body: '[]' }))
      .status;
  };

  it('may, if it is the portal that the agent served', async () => {
    assert.equal(await statusOf({ origin: own, 'sec-fetch-site': 'same-origin' }), 200);
    const answer = await get('/hospital/v1/network', { 'sec-fetch-site': 'same-origin' });
    assert.equal(answer.status, 200);
  });

  for (const [what, headers] of [
    ['of another origin', { origin: 'https://evil.example' }],
    ['of another port of this machine', { origin: 'http://127.0.0.1:9999' }],
    ['of this machine by its other name', { origin: 'http://localhost:8480' }],
    ['in a sandbox, or opened from a file', { origin: 'null' }],
    ['that sends what needs no preflight', { origin: own, 'content-type': 'text/plain' }],
    ['that was rebound to this machine', { host: 'evil.example', origin: 'http://evil.example' }],
  ] as const) {
    // @attack a page of another origin calls the agent through a visitor's browser | the agent refuses origins that it was not told of
    it(`may not, if it is one ${what}`, async () => {
      assert.ok([400, 403].includes(await statusOf(headers)));
    });
  }
});
