import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AgentPort } from '../protocol/AgentPort.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { LedgerCall } from '../protocol/network/LedgerCall.ts';
import { requireLedgerRead } from '../protocol/network/requireLedgerRead.ts';
import { network } from '../protocol/test/sampleNetwork.ts';
import type { RequestLimits } from './limits/RequestLimits.ts';
import { networkApp } from './networkApp.ts';

const agent = {
  network: async () => await Promise.resolve(network),
  checkpoint: async () => await Promise.reject(new MedsealError('NOT_YET', { what: 'checkpoint' })),
  submit: async () => await Promise.resolve([]),
  async ledger(call: LedgerCall) {
    requireLedgerRead(call);
    return await Promise.resolve({ jsonrpc: '2.0', id: call.id, result: '0x1' });
  },
  card: async () => await Promise.reject(new Error('a secret path /var/lib')),
} as unknown as AgentPort;

const app = networkApp(new Map([['hospital', agent]]));
const WORD = `0x${'1'.repeat(64)}`;
const host = { host: '127.0.0.1:8480' };
const json = { ...host, 'content-type': 'application/json' };

async function codeOf(path: string, init: RequestInit): Promise<[number, string]> {
  const response = await app.request(`http://127.0.0.1:8480${path}`, init);
  const { code } = (await response.json()) as { code: string };
  return [response.status, code];
}

async function askLedger(
  call: unknown,
  { opensLedger }: { readonly opensLedger?: boolean } = { opensLedger: true },
): Promise<readonly [number, string | undefined]> {
  const served = networkApp(new Map([['hospital', agent]]), {
    opensLedger: opensLedger === true,
  });
  const answer = await served.request('http://127.0.0.1/hospital/v1/ledger', {
    method: 'POST',
    headers: { host: '127.0.0.1', 'content-type': 'application/json' },
    body: JSON.stringify(call),
  });
  const { code } = (await answer.json()) as { readonly code?: string };
  return [answer.status, code];
}

/** A server whose ledger answers when it is told to, and the numbers of the calls that reached it. */
function slowLedger(limits: Partial<RequestLimits>): {
  readonly ask: (id: number, caller: string, call?: Partial<LedgerCall>) => Promise<Response>;
  readonly reached: number[];
  readonly answer: () => void;
} {
  const reached: number[] = [];
  const { promise, resolve } = Promise.withResolvers<null>();
  const slow = {
    async ledger({ id }: LedgerCall) {
      reached.push(id);
      return { jsonrpc: '2.0', id, result: await promise };
    },
  } as unknown as AgentPort;
  const served = networkApp(new Map([['hospital', slow]]), { opensLedger: true, limits });
  return {
    reached,
    answer: () => resolve(null),
    ask: async (id, remoteAddress, call = {}) => {
      const body = { jsonrpc: '2.0', id, method: 'eth_blockNumber', params: [], ...call };
      const init = { method: 'POST', headers: json, body: JSON.stringify(body) };
      const url = 'http://127.0.0.1:8480/hospital/v1/ledger';
      return await served.request(url, init, { incoming: { socket: { remoteAddress } } });
    },
  };
}

describe('the ledger at an agent’s address', () => {
  const call = { jsonrpc: '2.0', id: 1, method: 'eth_blockNumber', params: [] };

  it('lets nobody read the ledger unless that is opened, and then by calls that only read', async () => {
    assert.deepEqual(await askLedger(call, {}), [404, 'NOT_FOUND']);
    assert.deepEqual(await askLedger(call), [200, undefined]);
    const range = { fromBlock: '0x0', toBlock: '0x7d0' };
    const logs = { ...call, method: 'eth_getLogs', params: [range] };
    assert.deepEqual(await askLedger(logs), [413, 'REQUEST_TOO_LARGE']);
    for (const wrong of [
      [call],
      { ...call, method: 'eth_sendRawTransaction', params: ['0x'] },
      { ...call, method: 'eth_call', params: [{}, 'latest'] },
      { ...call, method: 'eth_unknown' },
      { ...call, params: ['0x0'] },
      { ...call, params: [1, 2, 3] },
      { ...call, jsonrpc: '1.0' },
      { ...call, more: 1 },
      null,
    ]) {
      assert.deepEqual(await askLedger(wrong), [400, 'REQUEST_MALFORMED'], JSON.stringify(wrong));
    }
  });
});

describe('the places in which the ledger is read', () => {
  // @attack one caller takes all places in which the ledger is read | an eighth for one address, and each call counts by what it makes the ledger do
  it('are an eighth for one address: another is answered while it waits', async () => {
    const { ask, reached, answer } = slowLedger({ ledgerReads: 8, patience: 60_000 });
    const all = [ask(1, '10.0.0.1'), ask(2, '10.0.0.1'), ask(3, '10.0.0.1')];
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    all.push(ask(4, '10.0.0.2'));
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    assert.deepEqual(reached, [1, 4]);
    answer();
    assert.deepEqual(new Set((await Promise.all(all)).map(({ status }) => status)), new Set([200]));
  });

  it('cost a caller of its rate what the call makes the ledger do', async () => {
    const { ask, answer } = slowLedger({ burst: 600, requestsPerSecond: 1 });
    answer();
    const range = { fromBlock: '0x0', toBlock: '0x7cf' };
    const logs = { method: 'eth_getLogs', params: [range] } as const;
    assert.equal((await ask(1, '10.0.0.1', logs)).status, 200);
    const refused = await ask(2, '10.0.0.1', logs);
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers.get('retry-after')) > 300);
    assert.equal(((await refused.json()) as { readonly code: string }).code, 'QUOTA_SPENT');
    assert.equal((await ask(3, '10.0.0.1')).status, 200);
    assert.equal((await ask(4, '10.0.0.2', logs)).status, 200);
  });
});

describe('questions of anybody that other organisations answer', () => {
  // @actor strangers ask for facts, cards and sheets, each of which asks all coordinators | such questions have few places, of which one address has an eighth
  it('have few places, of which one address has an eighth', async () => {
    const reached: string[] = [];
    const { promise, resolve } = Promise.withResolvers<never>();
    const slow = (name: string) => async (): Promise<never> => {
      reached.push(name);
      return await promise;
    };
    const asked = { facts: slow('facts'), card: slow('card'), sheet: slow('sheet') };
    const agents = new Map([['hospital', asked as unknown as AgentPort]]);
    const served = networkApp(agents, { limits: { questions: 8, patience: 60_000 } });
    const send = async (remoteAddress: string, path: string, body?: unknown): Promise<Response> => {
      const post = { method: 'POST', headers: json, body: JSON.stringify(body) };
      const init = body === undefined ? { headers: host } : post;
      const url = `http://127.0.0.1:8480/hospital/v1/${path}`;
      return await served.request(url, init, { incoming: { socket: { remoteAddress } } });
    };
    const all = [
      send('10.0.0.1', 'facts', { nonce: WORD }),
      send('10.0.0.1', `parties/0x${'1'.repeat(40)}`),
      send('10.0.0.1', `sheets/${WORD}/1`),
      send('10.0.0.2', `sheets/${WORD}/1`),
    ];
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    assert.equal(reached.length, 2);
    assert.equal(reached[1], 'sheet');
    resolve(undefined as never);
    await Promise.all(all);
    assert.equal(reached.length, 4);
  });
});

describe('a list of submissions', () => {
  // @attack an address sends lists of a thousand forged signatures | a list counts in the rate by its length
  it('counts by its length, so that one address cannot have a node verify signatures all day', async () => {
    const limits = { burst: 600, requestsPerSecond: 1 };
    const served = networkApp(new Map([['hospital', agent]]), { limits });
    const send = async (remoteAddress: string, body: unknown): Promise<Response> => {
      const init = { method: 'POST', headers: json, body: JSON.stringify(body) };
      const url = 'http://127.0.0.1:8480/hospital/v1/submissions';
      return await served.request(url, init, { incoming: { socket: { remoteAddress } } });
    };
    const many = Array.from({ length: 1024 }, () => ({}));
    assert.equal((await send('10.0.0.1', many)).status, 200);
    const refused = await send('10.0.0.1', many);
    assert.deepEqual([refused.status, refused.headers.has('retry-after')], [429, true]);
    assert.equal((await send('10.0.0.1', many.slice(0, 10))).status, 200);
    assert.equal((await send('10.0.0.2', many)).status, 200);
  });
});

describe('the servers of the organisations', () => {
  it('answers an error as problem details with its status', async () => {
    const path = '/hospital/v1/checkpoints/care/hospital';
    const response = await app.request(`http://127.0.0.1:8480${path}`, { headers: host });
    assert.equal(response.headers.get('content-type'), 'application/problem+json');
    assert.equal(response.status, 425);
  });

  it('says nothing of what went wrong inside', async () => {
    const response = await app.request(
      `http://127.0.0.1:8480/hospital/v1/parties/0x${'11'.repeat(20)}`,
      { headers: host },
    );
    const text = await response.text();
    assert.equal(response.status, 500);
    assert.doesNotMatch(text, /secret|lib|stack|at /);
  });

  it('answers an unknown path, a foreign organisation and a foreign method with a code', async () => {
    for (const path of ['/nothing', '/clinic/v1/network', '/hospital/v2/network']) {
      assert.deepEqual(await codeOf(path, { headers: host }), [404, 'NOT_FOUND']);
    }
    const deletion = { method: 'DELETE', headers: host };
    const path = '/hospital/v1/network';
    assert.deepEqual(await codeOf(path, deletion), [405, 'METHOD_NOT_ALLOWED']);
    const answer = await app.request(`http://127.0.0.1:8480${path}`, deletion);
    assert.equal(answer.headers.get('allow'), 'GET, HEAD');
  });

  it('shows a page to a person, at the agent’s address with and without a slash', async () => {
    const page = await app.request('http://127.0.0.1:8480/hospital', { headers: host });
    assert.equal(page.status, 200);
    assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.match(page.headers.get('content-security-policy') ?? '', /^default-src 'none'/);
    const text = await page.text();
    assert.match(text, /<h1>Medseal: hospital<\/h1>/);
    assert.match(text, /href="\/hospital\/v1\/openapi\.json"/);
    assert.doesNotMatch(text, /(?:src|href)="https?:/);
    const slashed = await app.request('http://127.0.0.1:8480/hospital/', { headers: host });
    assert.deepEqual([slashed.status, slashed.headers.get('location')], [308, '/hospital']);
  });

  it('shows a page to a person who opens the node’s own address', async () => {
    const page = await app.request('http://127.0.0.1:8480/', { headers: host });
    assert.equal(page.status, 200);
    assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.match(page.headers.get('content-security-policy') ?? '', /^default-src 'none'/);
    const text = await page.text();
    assert.match(text, /<h1>Medseal<\/h1>/);
    assert.match(text, /<a href="\/hospital">/);
    assert.doesNotMatch(text, /(?:src|href)="https?:/);
  });

  it('refuses a host that is not this machine, as a rebound page would name', async () => {
    const headers = { host: 'evil.example' };
    assert.deepEqual(await codeOf('/hospital/v1/network', { headers }), [403, 'ORIGIN_FOREIGN']);
  });

  it('refuses a page of another origin', async () => {
    const headers = { ...json, origin: 'https://evil.example' };
    const init = { method: 'POST', headers, body: '[]' };
    assert.deepEqual(await codeOf('/hospital/v1/submissions', init), [403, 'ORIGIN_FOREIGN']);
  });

  it('tells no page of another origin that it may read, unless that is named', async () => {
    const page = 'https://portal.example';
    const named = networkApp(new Map([['hospital', agent]]), { origins: [page] });
    const path = 'http://127.0.0.1:8480/hospital/v1/submissions';
    const asks = {
      method: 'OPTIONS',
      headers: { ...host, origin: page, 'access-control-request-method': 'POST' },
    };
    const allowed = await named.request(path, asks);
    assert.equal(allowed.headers.get('access-control-allow-origin'), page);
    assert.match(allowed.headers.get('access-control-allow-headers') ?? '', /content-type/);
    const sent = { method: 'POST', headers: { ...json, origin: page }, body: '[]' };
    const answered = await named.request(path, sent);
    assert.equal(answered.status, 200);
    assert.equal(answered.headers.get('access-control-allow-origin'), page);
    const broken = await named.request(path, { ...sent, body: '[' });
    assert.equal(broken.status, 400);
    assert.equal(broken.headers.get('access-control-allow-origin'), page);
    for (const [door, origin] of [
      [named, 'https://evil.example'],
      [named, 'http://127.0.0.1:9999'],
      [named, 'https://portal.example.evil.example'],
      [named, 'null'],
      [app, page],
      [app, 'http://127.0.0.1:9999'],
    ] as const) {
      const headers = { ...asks.headers, origin };
      const answer = await door.request(path, { ...asks, headers });
      assert.equal(answer.headers.get('access-control-allow-origin'), null, origin);
    }
  });

  it('refuses a body that is not called JSON, is not JSON, or is too large', async () => {
    const path = '/hospital/v1/submissions';
    const plain = {
      method: 'POST',
      headers: { ...host, 'content-type': 'text/plain' },
      body: '[]',
    };
    assert.deepEqual(await codeOf(path, plain), [400, 'REQUEST_MALFORMED']);
    const broken = { method: 'POST', headers: json, body: '[' };
    assert.deepEqual(await codeOf(path, broken), [400, 'REQUEST_MALFORMED']);
    const large = { method: 'POST', headers: json, body: `"${'a'.repeat(17 * 2 ** 20)}"` };
    assert.deepEqual(await codeOf(path, large), [413, 'REQUEST_TOO_LARGE']);
  });

  // @peer MedRec: queries were put together from what came in | refused before anything is looked up
  it('refuses paths whose hashes and numbers are malformed', async () => {
    for (const path of [
      '/hospital/v1/parties/0x12',
      `/hospital/v1/sheets/0x${'ab'.repeat(32)}/-1`,
      '/hospital/v1/receipts/care/hospital/x',
      '/hospital/v1/sheets/handle/1',
    ]) {
      assert.deepEqual(await codeOf(path, { headers: host }), [400, 'REQUEST_MALFORMED'], path);
    }
  });

  it('refuses a card that is not that of the path', async () => {
    const path = `/hospital/v1/parties/0x${'ab'.repeat(20)}`;
    for (const card of [{ party: `0x${'cd'.repeat(20)}`, recipient: 'age1pq1' }, {}, null]) {
      const request = { method: 'PUT', headers: json, body: JSON.stringify(card) };
      assert.deepEqual(await codeOf(path, request), [400, 'REQUEST_MALFORMED']);
    }
  });

  // @actor outsider | to fetch a file without a right
  it('releases no file without a ticket', async () => {
    const path = `/hospital/v1/files/0x${'ab'.repeat(32)}`;
    for (const authorization of ['', 'Bearer', 'Bearer xyz', 'Basic 00']) {
      const headers = { ...host, authorization };
      assert.deepEqual(await codeOf(path, { headers }), [403, 'RELEASE_UNKNOWN']);
    }
  });
});

describe('the people of a demonstration', () => {
  const PATH = 'http://127.0.0.1:8480/hospital/portal/demo.json';
  const person = {
    name: 'doctor',
    called: 'Dr. Lena Brandt',
    role: 'doctor',
    organisation: 'hospital',
    address: `0x${'11'.repeat(20)}`,
    seed: `0x${'22'.repeat(32)}`,
    rights: [],
  } as const;
  const demonstration = networkApp(new Map([['hospital', agent]]), {
    origins: ['http://localhost:5173'],
    readPeople: async () => await Promise.resolve([person]),
  });

  it('are given to the portal’s own page, and not stored on the way', async () => {
    const own = { ...host, 'sec-fetch-site': 'same-origin' };
    const answer = await demonstration.request(PATH, { headers: own });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.equal(answer.headers.get('cross-origin-resource-policy'), 'same-origin');
    assert.deepEqual(await answer.json(), [person]);
  });

  // @attack a page of an origin that may call the agents reads the keys of a demonstration | they are for a page of the same origin alone
  it('are not given to a page of another origin or under another name', async () => {
    for (const headers of [
      { ...host, origin: 'http://elsewhere.example' },
      { host: 'elsewhere.example' },
      // Pages of this origin may call the agents.
      { ...host, origin: 'http://localhost:5173' },
      { ...host, 'sec-fetch-site': 'cross-site' },
      { ...host, 'sec-fetch-site': 'same-site' },
    ]) {
      const answer = await demonstration.request(PATH, { headers });
      assert.equal(answer.status, 403, JSON.stringify(headers));
      assert.ok(!(await answer.text()).includes(person.seed.slice(2)));
    }
  });

  it('are nowhere else, and not in a network that is not a demonstration', async () => {
    const path = '/hospital/portal/demo.json';
    assert.deepEqual(await codeOf(path, { headers: host }), [404, 'NOT_FOUND']);
    const other = await demonstration.request('http://127.0.0.1:8480/clinic/portal/demo.json', {
      headers: host,
    });
    assert.equal(other.status, 404);
  });
});
