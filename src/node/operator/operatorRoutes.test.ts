import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '../../folder/systemClock.ts';
import { systemRandom } from '../../folder/systemRandom.ts';
import { memoryFiles } from '../../folder/test/memoryFiles.ts';
import { readPortal, type Portal } from '../../http/portal/readPortal.ts';
import { writePortal } from '../../http/test/writePortal.ts';
import { operatorCalls } from '../../protocol/operator/operatorCalls.ts';
import type { OperatorPort } from '../../protocol/operator/OperatorPort.ts';
import { operateApp } from '../operate/operateApp.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { OperatorCode, readOperatorAccess } from './OperatorCode.ts';
import { operatorRoutes } from './operatorRoutes.ts';

/** Calls that reached the operator's port. */
const reached: string[] = [];
const operator = new Proxy({} as OperatorPort, {
  get: (_target, name) => async () => {
    reached.push(String(name));
    return await Promise.resolve([]);
  },
});
const metrics = { text: async () => await Promise.resolve(''), contentType: 'text/plain' };

let portal: Portal | undefined;
let app: ReturnType<typeof operateApp>;
let own: string;
before(async () => {
  const folder = await scratchFolder();
  await writePortal(folder);
  portal = await readPortal(folder);
  await rm(folder, { recursive: true });
  const code = new OperatorCode(systemRandom);
  const files = memoryFiles();
  await code.write(files, '');
  own = `Bearer ${(await readOperatorAccess(files)).code}`;
  app = operateApp(
    metrics,
    async () => await Promise.resolve(undefined),
    () => 'room',
    ['node.hospital.example'],
    operatorRoutes({ operator, code, portal, clock: systemClock }),
  );
});
after(() => assert.deepEqual([...new Set(reached)], ['applications', 'parties']));

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly from?: string;
}

async function ask(path: string, { from = '127.0.0.1', ...init }: Asked = {}): Promise<Response> {
  const headers = { host: '127.0.0.1:9480', ...init.headers };
  const env = { incoming: { socket: { remoteAddress: from } } };
  return await app.request(`http://127.0.0.1:9480${path}`, { ...init, headers }, env);
}

async function codeOf(path: string, asked: Asked): Promise<[number, unknown]> {
  const answer = await ask(path, asked);
  return [answer.status, ((await answer.json()) as { readonly code?: unknown }).code];
}

const post = { method: 'POST', body: '{}' };
const json = { 'content-type': 'application/json' };

describe('the calls of a node’s operator', () => {
  it('are answered to the code, and stored nowhere', async () => {
    const answer = await ask('/v1/operator/applications', { headers: { authorization: own } });
    assert.deepEqual([answer.status, await answer.json()], [200, []]);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.equal(answer.headers.get('cross-origin-resource-policy'), 'same-origin');
    assert.equal(answer.headers.get('access-control-allow-origin'), null);
  });

  for (const [name, each] of Object.entries(operatorCalls)) {
    const path = `/v1/operator/${name}`;
    const call = 'takes' in each ? post : {};
    it(`refuse ${name} without the code, with another, and with the code in the address`, async () => {
      for (const authorization of ['', 'Bearer x', `Bearer ${'A'.repeat(43)}`, own.slice(0, -1)]) {
        const headers = { ...json, ...(authorization && { authorization }) };
        const refused = await codeOf(path, { ...call, headers });
        assert.deepEqual(refused, [401, 'OPERATOR_UNKNOWN']);
      }
      const inside = `${path}?code=${own.slice(7)}&authorization=${encodeURIComponent(own)}`;
      assert.deepEqual(await codeOf(inside, { ...call, headers: json }), [401, 'OPERATOR_UNKNOWN']);
    });

    it(`refuse ${name} to a page of another origin, or that was rebound, even with the code`, async () => {
      for (const headers of [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { origin: 'http://127.0.0.1:8480' },
        { origin: 'http://localhost:9480' },
        { host: 'evil.example:9480', origin: 'http://evil.example:9480' },
        { host: 'node.hospital.example', origin: 'https://node.hospital.example' },
        { host: 'node.hospital.example:9480' },
      ]) {
        const sent = { ...json, ...headers, authorization: own };
        assert.deepEqual(await codeOf(path, { ...call, headers: sent }), [403, 'ORIGIN_FOREIGN']);
      }
    });

    it(`refuse ${name} to other machines, even with the code`, async () => {
      const headers = { ...json, authorization: own };
      for (const from of ['10.0.0.7', '::ffff:10.0.0.7', '2001:db8::1', '127.0.0.1.evil', '']) {
        assert.deepEqual(await codeOf(path, { ...call, headers, from }), [403, 'ORIGIN_FOREIGN']);
      }
    });
  }

  it('take no form, no other method, nothing malformed and nothing long', async () => {
    const headers = { ...json, authorization: own };
    const form = { ...headers, 'content-type': 'text/plain' };
    const path = '/v1/operator/approve';
    assert.equal((await codeOf(path, { ...post, headers: form }))[1], 'REQUEST_MALFORMED');
    assert.equal((await codeOf(path, { headers }))[0], 404);
    for (const body of ['', '{', '{}', '{"member":"hospital"}', 'null', '"x"']) {
      const answer = await codeOf(path, { ...post, headers, body });
      assert.deepEqual(answer, [400, 'REQUEST_MALFORMED'], body);
    }
    const body = JSON.stringify('x'.repeat(70_000));
    assert.equal((await codeOf(path, { ...post, headers, body }))[1], 'REQUEST_TOO_LARGE');
    const parties = { ...post, headers, body: '"doctor"' };
    assert.equal((await ask('/v1/operator/parties', parties)).status, 200);
  });

  it('answer no preflight of another origin', async () => {
    const headers = {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    };
    const answer = await ask('/v1/operator/approve', { method: 'OPTIONS', headers });
    assert.equal(answer.status, 403);
    assert.equal(answer.headers.get('access-control-allow-origin'), null);
  });
});

describe('the operator’s page', () => {
  it('is the pinned portal, with its policy, at this machine alone', async () => {
    const page = await ask('/portal/');
    assert.equal(page.status, 200);
    assert.equal(page.headers.get('content-security-policy'), portal?.policy);
    assert.equal(page.headers.get('referrer-policy'), 'no-referrer');
    assert.equal((await ask('/portal/', { from: '10.0.0.7' })).status, 403);
    const named = { headers: { host: 'node.hospital.example' } };
    assert.equal((await ask('/portal/', named)).status, 403);
  });
});
