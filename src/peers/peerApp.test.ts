import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { bytesToHex, utf8ToBytes } from '../crypto/bytes.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import { TestClock } from '../ledger/test/TestClock.ts';
import type { Organisation } from '../protocol/ids.ts';
import type { PeerCall } from '../protocol/struct/requests.ts';
import { sign } from '../protocol/struct/signing.ts';
import { context, network, primitives, signatory, word } from '../protocol/test/sampleNetwork.ts';
import { type PeerPorts } from '../services/peers/peerCalls.ts';
import { openFolder } from '../folder/openFolder.ts';
import { listen, type Listening } from '../http/listen.ts';
import { systemClock } from '../folder/systemClock.ts';
import { systemRandom } from '../folder/systemRandom.ts';
import { scratchFolder } from '../node/test/scratchFolder.ts';
import { callerNow } from '../http/callers/callerNow.ts';
import { HeardAhead } from './HeardAhead.ts';
import { httpPeer } from './httpPeer.ts';
import { LEDGER_PATH, peerApp } from './peerApp.ts';
import { MAX_SKEW, PeerGate } from './PeerGate.ts';
import { describePeers } from './peers.cases.ts';

const keyOf = (name: Organisation): ReturnType<typeof signatory> =>
  signatory(`coordinator of ${name}`);

describe('organisations across the network', () => {
  describePeers(async (services) => {
    const urls = new Map<Organisation, string>();
    const servers: Listening[] = [];
    for (const [organisation, ports] of services) {
      const options = { network, organisation, primitives, clock: systemClock };
      const heard = new HeardAhead();
      const gate = new PeerGate({ ...options, heard, isSuspended: () => false });
      const server = await listen(peerApp({ ...options, gate, ports }), 0);
      servers.push(server);
      urls.set(organisation, server.url);
    }
    return {
      peer: (caller, receiver) =>
        httpPeer({
          ...context,
          key: keyOf(caller),
          caller,
          receiver,
          url: urls.get(receiver) ?? '',
          clock: systemClock,
          random: systemRandom,
        }),
      close: async () => {
        for (const server of servers) await server.close();
      },
    };
  });
});

describe('the endpoint for other organisations', () => {
  const PATH = '/peer/v1/contributor/latestCheckpoint';
  const BODY = JSON.stringify('care/hospital');
  const NOW = 1_800_000_000_000;
  let clock: TestClock;
  let suspended: Set<Organisation>;
  let asked: unknown[];
  let app: ReturnType<typeof peerApp>;

  beforeEach(() => {
    clock = new TestClock(NOW);
    suspended = new Set();
    asked = [];
    start(new HeardAhead());
  });

  /** Starts the node, or starts it again with what it remembers. */
  function start(heard: HeardAhead): void {
    const options = { network, organisation: 'laboratory', primitives, clock };
    const gate = new PeerGate({
      ...options,
      heard,
      isSuspended: (name) => suspended.has(name),
    });
    const contributor = {
      latestCheckpoint: async (log: unknown) => {
        asked.push(log);
        return await Promise.resolve('the checkpoint');
      },
    };
    const ports = { coordinator: {}, contributor, authority: {} } as unknown as PeerPorts;
    app = peerApp({ ...options, gate, ports });
  }

  let nonces = 0;
  /** Makes the header of a call from the hospital to the laboratory, with changes of a test. */
  function header(
    change: Partial<PeerCall> = {},
    key: ReturnType<typeof signatory> = keyOf('hospital'),
    signing: typeof context = context,
  ): string {
    nonces += 1;
    const call: PeerCall = {
      caller: 'hospital',
      receiver: 'laboratory',
      method: 'POST',
      path: PATH,
      body: bytesToHex(primitives.sha256(utf8ToBytes(BODY))),
      at: clock.now(),
      nonce: `0x${nonces.toString(16).padStart(32, '0')}`,
      ...change,
    };
    return encoded(sign(signing, key, 'PeerCall', call));
  }

  async function post(
    authorization: string | undefined,
    { path = PATH, body = BODY }: { path?: string; body?: string | ReadableStream } = {},
  ): Promise<ErrorCode | 'answered'> {
    const response = await app.request(path, {
      method: 'POST',
      headers: { ...(authorization !== undefined && { authorization }) },
      body,
      duplex: 'half',
    } as RequestInit);
    const answer = (await response.json()) as { code: ErrorCode };
    return response.ok ? 'answered' : answer.code;
  }

  it('refuses a caller that does not name itself, however malformed its header is', async () => {
    const whole = header();
    const { signature: _signature, ...unsigned } = decoded(whole);
    const wrong: (string | undefined)[] = [
      undefined,
      '',
      'Peer ',
      'Peer !!!!',
      whole.replace('Peer', 'Bearer'),
      whole.replace('Peer', 'peer'),
      encoded(null),
      encoded([]),
      encoded('hospital'),
      encoded(unsigned),
      encoded({ ...decoded(whole), extra: 1 }),
      encoded({ ...decoded(whole), type: 'Upload' }),
      encoded({ ...decoded(whole), party: 'hospital' }),
      `Peer ${'A'.repeat(5000)}`,
    ];
    for (const each of wrong) assert.equal(await post(each), 'PEER_UNAUTHENTIC', each);
    assert.deepEqual(asked, []);
  });

  // @actor outsider | to call as an organisation
  it('refuses every key but that of the caller’s coordinator', async () => {
    for (const [caller, key] of [
      ['hospital', keyOf('insurer')],
      ['hospital', signatory('authority of hospital')],
      ['hospital', signatory('a stranger')],
      ['clinic', keyOf('hospital')],
      ['clinic', signatory('coordinator of clinic')],
      ['', keyOf('hospital')],
    ] as const) {
      assert.equal(await post(header({ caller }, key)), 'PEER_UNAUTHENTIC');
    }
    // The right address beside a signature of another key.
    const forged = { ...decoded(header({}, keyOf('insurer'))), party: keyOf('hospital').address };
    assert.equal(await post(encoded(forged)), 'PEER_UNAUTHENTIC');
    assert.deepEqual(asked, []);
  });

  it('refuses what was signed for another node, path, method, body or network', async () => {
    for (const change of [
      { receiver: 'insurer' },
      { receiver: 'hospital' },
      { path: '/peer/v1/contributor/state' },
      { path: `${PATH}/` },
      { method: 'GET' },
      { body: word('another body') },
    ]) {
      assert.equal(await post(header(change)), 'PEER_UNAUTHENTIC', JSON.stringify(change));
    }
    const domain = { ...context.domain, salt: word('another network') };
    const elsewhere = header({}, keyOf('hospital'), { ...context, domain });
    assert.equal(await post(elsewhere), 'PEER_UNAUTHENTIC');
    assert.equal(await post(header(), { body: `${BODY} ` }), 'PEER_UNAUTHENTIC');
    assert.deepEqual(asked, []);
  });

  it('refuses every field that was altered after signing', async () => {
    for (const field of ['caller', 'receiver', 'path', 'body', 'at', 'nonce']) {
      const signed = decoded(header());
      const message = signed['message'] as Record<string, unknown>;
      const altered = { ...message, [field]: field === 'at' ? NOW + 1 : other(message[field]) };
      assert.equal(await post(encoded({ ...signed, message: altered })), 'PEER_UNAUTHENTIC', field);
    }
    assert.deepEqual(asked, []);
  });

  it('takes a call once', async () => {
    const authorization = header();
    assert.equal(await post(authorization), 'answered');
    assert.equal(await post(authorization), 'PEER_CALL_REPEATED');
    assert.equal(await post(authorization, { body: 'x' }), 'PEER_CALL_REPEATED');
    assert.equal(asked.length, 1);
  });

  it('remembers a call for as long as it could be repeated', async () => {
    clock.advance(100_000);
    const ahead = header({ at: clock.now() + MAX_SKEW * 1000 });
    assert.equal(await post(ahead), 'answered');
    for (let passed = 0; passed < 2 * MAX_SKEW; passed += 5) {
      clock.advance(5000);
      assert.equal(await post(ahead), 'PEER_CALL_REPEATED', `after ${passed + 5} s`);
    }
    clock.advance(1);
    assert.equal(await post(ahead), 'PEER_CALL_SKEWED');
  });

  it('refuses a call that is early, late, or from before it started', async () => {
    clock.advance(100_000);
    const edge = MAX_SKEW * 1000;
    for (const skew of [edge + 1, -edge - 1, 10 * edge, -10 * edge]) {
      assert.equal(await post(header({ at: clock.now() + skew })), 'PEER_CALL_SKEWED');
    }
    for (const skew of [edge, -edge]) {
      assert.equal(await post(header({ at: clock.now() + skew })), 'answered');
    }
    clock.advance(-100_000);
    assert.equal(await post(header({ at: NOW - 1 })), 'PEER_CALL_SKEWED');
    assert.equal(await post(header({ at: NOW })), 'answered');
  });

  // @attack a call of a peer whose clock is ahead is made again after a restart | each caller's last moment is on disk before such a call is let in
  it('takes no call again after a restart, though its caller’s clock was ahead', async () => {
    const folder = await scratchFolder();
    const files = await openFolder(folder);
    start(await HeardAhead.open(files, clock.now() + 30_000));
    const ahead = [20_000, 20_400, 30_000].map((by) => header({ at: clock.now() + by }));
    for (const each of ahead) assert.equal(await post(each), 'answered');
    const elsewhere = header({ caller: 'insurer', at: clock.now() + 1 }, keyOf('insurer'));
    assert.equal(await post(elsewhere), 'answered');
    for (let passed = 0; passed < 60_000; passed += 5000) {
      start(await HeardAhead.open(files, clock.now() + 30_000));
      for (const each of [...ahead, elsewhere]) {
        assert.equal(await post(each), 'PEER_CALL_SKEWED', `after ${passed} ms`);
      }
      clock.advance(5000);
    }
    await rm(folder, { recursive: true });
  });

  it('takes a call again that a rolled-back folder forgot if its caller was ahead: once, as it was, for 30 s after its moment', async () => {
    const folder = await scratchFolder();
    const files = await openFolder(folder);
    const rollBack = async (): Promise<void> => {
      await rm(join(folder, 'heard-ahead.json'), { force: true });
      start(await HeardAhead.open(files, clock.now() + 30_000));
    };
    await rollBack();
    const [now, ahead] = [header(), header({ at: clock.now() + 20_000 })];
    for (const each of [now, ahead]) assert.equal(await post(each), 'answered');
    clock.advance(1);
    await rollBack();
    assert.equal(await post(now), 'PEER_CALL_SKEWED', 'not that of a caller whose clock is right');
    const body = JSON.stringify('care/insurer');
    assert.equal(await post(ahead, { body }), 'PEER_UNAUTHENTIC');
    await rollBack();
    assert.equal(await post(ahead), 'answered');
    assert.equal(await post(ahead), 'PEER_CALL_REPEATED');
    await rollBack();
    clock.advance(50_000);
    assert.equal(await post(ahead), 'PEER_CALL_SKEWED', 'too old');
    const another = header({ at: clock.now() + 20_000 });
    assert.equal(await post(another), 'answered');
    clock.advance(20_001);
    await rollBack();
    assert.equal(await post(another), 'PEER_CALL_SKEWED', 'the start is later than its moment');
    await rm(folder, { recursive: true });
  });

  it('takes new calls after a restart, from each as soon as its own clock is beyond its last call', async () => {
    const folder = await scratchFolder();
    const files = await openFolder(folder);
    start(await HeardAhead.open(files, clock.now() + 30_000));
    assert.equal(await post(header({ at: clock.now() + 20_000 })), 'answered');
    clock.advance(1001);
    start(await HeardAhead.open(files, clock.now() + 30_000));
    assert.equal(await post(header({ at: clock.now() + 20_000 })), 'answered');
    assert.equal(await post(header({ caller: 'insurer' }, keyOf('insurer'))), 'answered');
    await rm(folder, { recursive: true });
  });

  it('takes nothing that may have been heard before, if its memory was damaged', async () => {
    const folder = await scratchFolder();
    const files = await openFolder(folder);
    await writeFile(join(folder, 'heard-ahead.json'), '[{"caller":');
    start(await HeardAhead.open(files, clock.now() + 30_000));
    for (const by of [0, 20_000, 30_000]) {
      assert.equal(await post(header({ at: clock.now() + by })), 'PEER_CALL_SKEWED');
    }
    clock.advance(30_001);
    assert.equal(await post(header()), 'answered');
    assert.equal(await post(header({ at: clock.now() + 1 })), 'answered');
    start(await HeardAhead.open(files, clock.now() + 30_000));
    assert.equal(await post(header()), 'PEER_CALL_SKEWED', 'up to its mark');
    assert.equal(await post(header({ caller: 'insurer' }, keyOf('insurer'))), 'answered');
    await rm(folder, { recursive: true });
  });

  it('refuses an organisation that is suspended, until it no longer is', async () => {
    suspended.add('hospital');
    assert.equal(await post(header()), 'PARTY_SUSPENDED');
    assert.equal(await post(header({ caller: 'insurer' }, keyOf('insurer'))), 'answered');
    suspended.clear();
    assert.equal(await post(header()), 'answered');
  });

  it('reads no byte of a body whose caller it does not know', async () => {
    let pulled = 0;
    const body = new ReadableStream({ pull: () => void (pulled += 1) }, { highWaterMark: 0 });
    assert.equal(await post('Peer x', { body }), 'PEER_UNAUTHENTIC');
    assert.equal(pulled, 0);
  });

  it('stops reading once a body is over the limit', async () => {
    let pulled = 0;
    const body = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(2 ** 20));
      },
    });
    assert.equal(await post(header(), { body }), 'REQUEST_TOO_LARGE');
    assert.ok(pulled < 30);
  });

  it('knows no other paths and methods', async () => {
    for (const path of [
      '/peer/v1/contributor/obtain',
      '/peer/v1/contributor/constructor',
      '/peer/v1/agent/submit',
      '/peer/v1/__proto__/toString',
    ]) {
      assert.equal(await post(header({ path }), { path }), 'METHOD_UNKNOWN', path);
    }
    for (const path of ['/', '/peer', '/v1/network', '/peer/v2/contributor/state']) {
      assert.equal(await post(header({ path }), { path }), 'NOT_FOUND', path);
    }
    const get = await app.request(PATH, { headers: { authorization: header({ method: 'GET' }) } });
    assert.equal(get.status, 404);
  });

  it('runs few calls of one organisation at once on the ledger', async () => {
    let [running, most] = [0, 0];
    const ledger = {
      request: async () => {
        most = Math.max(most, (running += 1));
        await setImmediate();
        running -= 1;
        return '0x';
      },
    };
    const options = { network, organisation: 'laboratory', primitives, clock };
    const gate = new PeerGate({ ...options, heard: new HeardAhead(), isSuspended: () => false });
    const ports = { coordinator: {}, contributor: {}, authority: {} } as unknown as PeerPorts;
    app = peerApp({ ...options, gate, ports, ledger });
    const call = { jsonrpc: '2.0', id: 1, method: 'eth_call', params: [{}, 'latest'] };
    const body = JSON.stringify(Array.from({ length: 40 }, () => call));
    const change = { path: LEDGER_PATH, body: bytesToHex(primitives.sha256(utf8ToBytes(body))) };
    assert.equal(await post(header(change), { path: LEDGER_PATH, body }), 'answered');
    assert.equal(most, 2);
  });

  // @actor organisation | to take the places of others' applicants
  it('counts what a call leaves behind by the organisation that signed it, not by an address', async () => {
    const options = { network, organisation: 'laboratory', primitives, clock };
    const gate = new PeerGate({ ...options, heard: new HeardAhead(), isSuspended: () => false });
    const contributor = { latestCheckpoint: async () => await Promise.resolve(callerNow()) };
    const ports = { coordinator: {}, contributor, authority: {} } as unknown as PeerPorts;
    app = peerApp({ ...options, gate, ports });
    const asked = { method: 'POST', headers: { authorization: header() }, body: BODY };
    assert.equal(await (await app.request(PATH, asked)).json(), 'node of hospital');
  });

  it('takes JSON alone', async () => {
    const body = 'care/hospital';
    const hash = bytesToHex(primitives.sha256(utf8ToBytes(body)));
    assert.equal(await post(header({ body: hash }), { body }), 'REQUEST_MALFORMED');
  });
});

function encoded(value: unknown): string {
  return `Peer ${Buffer.from(JSON.stringify(value)).toString('base64url')}`;
}

function decoded(text: string): Record<string, unknown> {
  const json = Buffer.from(text.slice(5), 'base64url').toString();
  return JSON.parse(json) as Record<string, unknown>;
}

function other(value: unknown): unknown {
  const text = String(value);
  return text.slice(0, -1) + (text.endsWith('1') ? '2' : '1');
}
