import { once } from 'node:events';
import { connect } from 'node:net';
import { catalogue } from '../../../src/errors/catalogue.ts';
import { listen } from '../../../src/http/listen.ts';
import { networkApp } from '../../../src/http/networkApp.ts';
import type { Dice } from '../../simulation/Dice.ts';
import { TargetFault, type OpenTarget } from '../FuzzTarget.ts';
import type { Exchange } from '../life.ts';
import { mutateBytes } from '../mutateBytes.ts';
import { ODD_TEXTS } from '../mutateJson.ts';

/** The most bytes that anything is answered with. */
const MOST = 64 * 2 ** 20;
/** Milliseconds in which what arrives by halves is given up. */
const PATIENCE = 250;

/** Lines in place of a request's first one, or above it. */
const LINES = [
  '',
  'GET',
  'GET /',
  'GET / HTTP/0.9',
  'GET / HTTP/1.0',
  'GET / HTTP/9.9',
  'GET  /  HTTP/1.1',
  'get / http/1.1',
  'GET http://evil.example/hospital/v1/network HTTP/1.1',
  'GET //evil.example/v1/network HTTP/1.1',
  'GET /hospital/../../etc/passwd HTTP/1.1',
  'GET /\u00e9\u0000 HTTP/1.1',
  'OPTIONS * HTTP/1.1',
  'CONNECT 127.0.0.1:1 HTTP/1.1',
  'TRACE / HTTP/1.1',
  'HEAD /hospital/v1/network HTTP/1.1',
  `${'A'.repeat(5000)} / HTTP/1.1`,
  `GET /${'a'.repeat(20_000)} HTTP/1.1`,
  'PRI * HTTP/2.0\r\n\r\nSM\r\n',
  '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
];

const HEADERS = [
  'transfer-encoding: chunked',
  'transfer-encoding: chunked, identity',
  'content-length: 3',
  'content-length: 4\r\ncontent-length: 5',
  'content-length: 18446744073709551616',
  'host: evil.example',
  'host:',
  'expect: 100-continue',
  'connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
  'connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__',
  ' folded',
  'no colon',
  ': no name',
  'x\u0000: y',
  'x: \u0007\n\u0001',
  `x: ${'a'.repeat(17_000)}`,
  Array.from({ length: 3000 }, (_, i) => `x${i}: y`).join('\r\n'),
];

const CHUNKS = [
  '5;x=y\r\n',
  'ffffffffffffffff\r\n',
  '-1\r\n',
  '0\r\nx: y\r\n\r\n',
  '3\r\nab',
  '\r\n',
  'g\r\n',
];

/**
 * The agents' server as bytes on a connection: broken first lines and headers, bodies by halves, requests one behind
 * the other, chunks, other protocols, callers who leave. Every answer is HTTP, and the next caller is served.
 */
export const openRawHttpTarget: OpenTarget = async (life) => {
  const limits = { burst: 1e9, requestsPerSecond: 1e9, bodyTime: PATIENCE, pause: PATIENCE };
  const app = networkApp(new Map([['hospital', life.network.agent()]]), { limits });
  const server = await listen(app, 0);
  const port = Number(new URL(server.url).port);
  return {
    async enter(dice, note) {
      const sent = Buffer.from(spelt(dice, life.exchanges));
      note(sent);
      judge(await answered(dice, port, sent));
      const next = await fetch(`${server.url}/hospital/v1/network`);
      if (next.status !== 200) throw new TargetFault(`the next caller got ${next.status}`);
      await next.text();
    },
    async close() {
      await server.close();
    },
  };
};

/** Some requests as bytes, of which something is odd. */
function spelt(dice: Dice, exchanges: readonly Exchange[]): Uint8Array {
  const requests = Array.from({ length: dice.pick([1, 1, 1, 2, 40]) }, () => {
    const { method, path, headers, body } = dice.pick(exchanges);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    if (body !== undefined) lines.push(`content-length: ${body.length}`);
    lines.unshift('host: 127.0.0.1');
    if (dice.chance(0.5)) lines.splice(dice.between(0, lines.length), 0, dice.pick(HEADERS));
    const first = dice.chance(0.3) ? dice.pick(LINES) : `${method} /hospital${path} HTTP/1.1`;
    const head = Buffer.from(`${[first, ...lines].join('\r\n')}\r\n\r\n`, 'latin1');
    const content =
      body && dice.chance(0.2) ? Buffer.from(dice.pick([...CHUNKS, ...ODD_TEXTS])) : body;
    return Buffer.concat([head, content ?? Buffer.alloc(0)]);
  });
  const bytes = Buffer.concat(requests);
  if (dice.chance(0.3)) return mutateBytes(dice, bytes);
  return dice.chance(0.2) ? bytes.subarray(0, dice.between(0, bytes.length)) : bytes;
}

/** Sends it whole or in pieces, and then ends or leaves; what came back until the other side ended too. */
async function answered(dice: Dice, port: number, sent: Buffer): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.on('data', (part) => {
    size += part.length;
    if (size <= MOST) parts.push(part);
    else socket.destroy();
  });
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  await once(socket, 'connect');
  const pieces = dice.pick([1, 1, 2, 7]);
  for (let piece = 0; piece < pieces; piece++) {
    const [from, to] = [piece, piece + 1].map((n) => Math.floor((n * sent.length) / pieces));
    if (!socket.destroyed) socket.write(sent.subarray(from, to));
  }
  if (dice.chance(0.1)) socket.resetAndDestroy();
  else if (dice.chance(0.3)) socket.end();
  // Whoever has answered all, and waits for more, is not waited for.
  else socket.setTimeout(2 * PATIENCE, () => socket.end());
  await closed;
  if (size > MOST) throw new TargetFault(`${size} bytes of an answer`);
  return Buffer.concat(parts);
}

/** Tells whether all that came is answers of HTTP, each a problem of the catalogue where it is one. */
function judge(came: Buffer): void {
  const text = came.toString('latin1');
  if (text !== '' && !/^HTTP\/1\.1 \d{3} /.test(text)) throw new TargetFault(text.slice(0, 300));
  if (/\n\s+at .*[:(]\d+|node_modules/.test(text)) throw new TargetFault(text.slice(0, 2000));
  for (const [, code = ''] of text.matchAll(/"code":"([A-Z_]+)"/g)) {
    if (!Object.hasOwn(catalogue, code) || code === 'INTERNAL')
      throw new TargetFault(text.slice(0, 2000));
  }
  if (/^HTTP\/1\.1 5(?!03)/m.test(text)) throw new TargetFault(text.slice(0, 2000));
}
