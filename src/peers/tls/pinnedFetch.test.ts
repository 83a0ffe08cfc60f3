import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import {
  connect as connectPlain,
  createServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { text } from 'node:stream/consumers';
import { connect, type ConnectionOptions } from 'node:tls';
import { afterEach, describe, it } from 'node:test';
import { Hono } from 'hono';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { notePublicKey } from '../../crypto/note/NoteKey.ts';
import { listen, type ListenOptions } from '../../http/listen.ts';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { makeCertificate } from './makeCertificate.ts';
import { pinnedFetch } from './pinnedFetch.ts';
import { TlsIdentity } from './TlsIdentity.ts';

/** Calls between nodes that speak TLS: whoever has not the pinned key gets nothing, on either side. */

const ORGANISATIONS = ['hospital', 'laboratory', 'insurer'] as const;
type Name = (typeof ORGANISATIONS)[number];
const PAST = ['20200101000000Z', '20210101000000Z'] as const;

function seedOf(name: string): Uint8Array {
  return hexToBytes(word(`tls ${name}`));
}

const keys = new Map(ORGANISATIONS.map((name) => [name, bytesToHex(notePublicKey(seedOf(name)))]));

function identityOf(name: Name): TlsIdentity {
  return new TlsIdentity(name, seedOf(name), keys);
}

let ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.toReversed()) await end();
  ends = [];
});

/** The hospital's server; it answers with what was posted, and notes each call. */
async function serve(
  options: ListenOptions = {},
): Promise<{ url: string; port: number; calls: string[] }> {
  const identity = identityOf('hospital');
  const calls: string[] = [];
  const app = new Hono();
  app.all('/away', (c) => c.redirect('https://elsewhere.example'));
  app.all('/nothing', (c) => c.body(null, 204));
  app.all('*', async (c) => {
    calls.push(c.req.path);
    return c.text(await c.req.text(), 200, { 'x-path': c.req.path });
  });
  const server = await listen(app, 0, '127.0.0.1', { tls: identity, ...options });
  ends.push(async () => await server.close());
  return { url: server.url, port: Number(new URL(server.url).port), calls };
}

/** A server of somebody else, who notes every byte that reaches HTTP. */
async function pretend(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket.on('error', () => socket.destroy())));
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function call(
  from: Name,
  to: Name,
  url: string,
  init: RequestInit = { method: 'POST', body: 'a call' },
): Promise<Response> {
  const signal = AbortSignal.timeout(5000);
  return await pinnedFetch(identityOf(from), to)(url, { signal, ...init });
}

describe('a call to a node that speaks TLS', () => {
  it('gets its answer, with text or bytes, and none', async () => {
    const { url } = await serve();
    const fetch = pinnedFetch(identityOf('laboratory'), 'hospital');
    const first = await fetch(`${url}/text`, { method: 'POST', body: 'a text' });
    assert.equal(first.status, 200);
    assert.equal(first.headers.get('x-path'), '/text');
    assert.equal(await first.text(), 'a text');
    const long = new Uint8Array(1_000_000).fill(7);
    const second = await fetch(new URL(`${url}/bytes`), { method: 'POST', body: long });
    assert.equal((await second.arrayBuffer()).byteLength, long.length);
    const third = await fetch(`${url}/nothing`, { method: 'POST', body: '' });
    assert.equal(third.status, 204);
    assert.equal(third.body, null);
  });

  it('uses a connection again, so that it costs one handshake', async () => {
    const { url, port } = await serve();
    let connections = 0;
    const relay = createServer((near) => {
      connections += 1;
      const far = connectPlain(port, '127.0.0.1');
      near.on('error', () => far.destroy()).pipe(far);
      far.on('error', () => near.destroy()).pipe(near);
    });
    const through = await pretend(relay);
    const fetch = pinnedFetch(identityOf('laboratory'), 'hospital');
    for (let count = 0; count < 5; count++) {
      await (await fetch(`${through}/${count}`, { method: 'POST', body: url })).text();
    }
    assert.equal(connections, 1);
  });

  it('follows no redirect', async () => {
    const { url } = await serve();
    await assert.rejects(call('laboratory', 'hospital', `${url}/away`), /hospital redirects/);
  });

  it('ends when it is called off', async () => {
    const silent = await pretend(createServer());
    const ended = new AbortController();
    const calling = call('laboratory', 'hospital', silent, { signal: ended.signal });
    ended.abort();
    await assert.rejects(calling, { name: 'AbortError' });
  });
});

describe('a caller sends nothing of a call to', () => {
  const heard: string[] = [];
  const note: RequestListener = (request, answer) => {
    heard.push(request.url ?? '');
    answer.end();
  };
  const requests: ServerOptions = { requestCert: true, rejectUnauthorized: false };

  const pretenders: Record<string, () => Server> = {
    // @attack somebody between two nodes shows a certificate of the called one's name, with a key of their own | the key is compared before a byte of a call is sent
    'somebody in the middle with a key of his own': () =>
      createHttpsServer({ ...requests, ...makeCertificate(seedOf('mallory'), 'hospital') }, note),
    // @attack an organisation takes the address of another's node | each organisation has its own pinned key
    'the node of another organisation of the network': () =>
      createHttpsServer({ ...requests, ...makeCertificate(seedOf('insurer'), 'hospital') }, note),
    'the node of the same name in another network': () =>
      createHttpsServer(
        { ...requests, ...makeCertificate(seedOf('hospital elsewhere'), 'hospital') },
        note,
      ),
    'a node whose certificate has expired': () =>
      createHttpsServer(
        { ...requests, ...makeCertificate(seedOf('hospital'), 'hospital', PAST) },
        note,
      ),
    'a node that speaks TLS 1.2': () =>
      createHttpsServer(
        {
          ...requests,
          ...makeCertificate(seedOf('hospital'), 'hospital'),
          maxVersion: 'TLSv1.2',
        },
        note,
      ),
    'a node that speaks plain HTTP': () => createHttpServer(note),
  };

  for (const [what, make] of Object.entries(pretenders)) {
    it(what, async () => {
      heard.length = 0;
      const url = await pretend(make());
      await assert.rejects(call('laboratory', 'hospital', url));
      assert.deepEqual(heard, []);
    });
  }

  // @attack a setting or an attacker takes TLS away: `http:`, TLS 1.2 | refused by both ends
  it('an http: address, so that nobody can take TLS away', async () => {
    heard.length = 0;
    const url = await pretend(createHttpServer(note));
    const plain = url.replace('https:', 'http:');
    await assert.rejects(call('laboratory', 'hospital', plain), { code: 'ERR_INVALID_PROTOCOL' });
    assert.deepEqual(heard, []);
  });

  // @attack the address is given to another machine while connections are kept | every new connection is compared
  it('a node that was the right one before, once another has its address', async () => {
    const { port } = await serve();
    heard.length = 0;
    let goal = port;
    const other = createHttpsServer(
      { ...requests, ...makeCertificate(seedOf('mallory'), 'hospital') },
      note,
    );
    const elsewhere = Number(new URL(await pretend(other)).port);
    const nears: Socket[] = [];
    const relay = createServer((near) => {
      nears.push(near);
      const far = connectPlain(goal, '127.0.0.1');
      near.on('error', () => far.destroy()).pipe(far);
      far.on('error', () => near.destroy()).pipe(near);
    });
    const url = await pretend(relay);
    const fetch = pinnedFetch(identityOf('laboratory'), 'hospital');
    await (await fetch(url, { method: 'POST', body: 'first' })).text();
    goal = elsewhere;
    for (const near of nears) near.destroy();
    await assert.rejects(fetch(url, { method: 'POST', body: 'second' }));
    await assert.rejects(fetch(url, { method: 'POST', body: 'third' }));
    assert.deepEqual(heard, []);
  });
});

describe('a node that speaks TLS lets nobody make a request who', () => {
  const hello = 'GET / HTTP/1.1\r\nhost: hospital\r\n\r\n';

  /** All that the hospital sends to who connects so and asks; it must have heard no request. */
  async function answerTo(options: ConnectionOptions): Promise<string> {
    const { port, calls } = await serve();
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
    let answer = '';
    socket.on('data', (part) => (answer += String(part)));
    socket.on('error', () => undefined);
    socket.write(hello);
    await new Promise((resolve) => socket.once('close', resolve));
    assert.deepEqual(calls, []);
    return answer;
  }

  const strangers: Record<string, ConnectionOptions> = {
    // @attack a stranger calls the endpoint for organisations | cut off after the handshake: no pinned key, no request
    'has no certificate': {},
    'has a certificate that he made in the name of an organisation': makeCertificate(
      seedOf('mallory'),
      'laboratory',
    ),
    // @attack an organisation of another network, or an expired certificate, at that endpoint | the same
    'is an organisation of another network': makeCertificate(
      seedOf('laboratory elsewhere'),
      'laboratory',
    ),
    'has a certificate that has expired': makeCertificate(seedOf('laboratory'), 'laboratory', PAST),
    'speaks TLS 1.2': {
      ...makeCertificate(seedOf('laboratory'), 'laboratory'),
      maxVersion: 'TLSv1.2',
    },
    'shows the certificate of an organisation, and has another key': {
      cert: makeCertificate(seedOf('laboratory'), 'laboratory').cert,
      key: makeCertificate(seedOf('mallory'), 'laboratory').key,
    },
  };

  for (const [what, options] of Object.entries(strangers)) {
    it(what, async () => {
      const isMisfit = what.startsWith('shows');
      if (isMisfit) assert.throws(() => connect({ port: 1, ...options }), /key values mismatch/);
      else assert.equal(await answerTo(options), '');
    });
  }

  it('speaks plain HTTP', async () => {
    const { port, calls } = await serve();
    const socket = connectPlain(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(hello);
    const answer = await text(socket).catch(() => '');
    assert.doesNotMatch(answer, /HTTP/);
    assert.deepEqual(calls, []);
  });
});

describe('handshakes that are not finished', () => {
  it('are cut off after 10 seconds', async () => {
    const clock = new TestClock(Date.now());
    const { port } = await serve({ clock });
    const silent = connectPlain(port, '127.0.0.1');
    await once(silent, 'connect');
    // The server answers a handshake that begins later, so it has taken the first connection by then.
    const other = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(other, 'secureConnect');
    other.destroy();
    const closed = once(silent, 'close');
    silent.on('error', () => undefined);
    clock.advance(9999);
    assert.equal(silent.readyState, 'open');
    clock.advance(1);
    await closed;
  });

  // @attack handshakes that are begun and never done | 10 s each; an eighth of the connections for one address
  it('take no place from a peer: an address has an eighth of the connections, and the oldest make room', async () => {
    const { url, port } = await serve({ limits: { connections: 80 } });
    const sockets: Socket[] = [];
    ends.push(() => sockets.forEach((socket) => socket.destroy()));
    let cut = 0;
    for (let count = 0; count < 100; count++) {
      const socket = connectPlain(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.once('close', () => (cut += 1));
      sockets.push(socket);
      await once(socket, 'connect');
    }
    const answer = await call('laboratory', 'hospital', url);
    assert.equal(await answer.text(), 'a call');
    assert.ok(cut >= 90, `${cut} cut off`);
  });

  it('end when the server closes', async () => {
    const { port } = await serve();
    const silent = connectPlain(port, '127.0.0.1');
    silent.on('error', () => undefined);
    await once(silent, 'connect');
    const closed = once(silent, 'close');
    for (const end of ends) await end();
    ends = [];
    await closed;
  });
});
