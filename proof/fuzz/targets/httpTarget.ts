import { catalogue } from '../../../src/errors/catalogue.ts';
import type { Dice } from '../../simulation/Dice.ts';
import { TargetFault, type OpenTarget } from '../FuzzTarget.ts';
import { mutateBytes } from '../mutateBytes.ts';
import { mutateJson, mutateText, ODD_TEXTS } from '../mutateJson.ts';

/** Headers that a hostile caller adds, or puts in place of what was there. */
const ODD_HEADERS: readonly (readonly [string, readonly string[]])[] = [
  ['content-length', ['0', '-1', '1e3', '1', '99999999999999999999', '5, 5']],
  ['content-type', ['text/plain', 'application/json; charset=utf-16', 'application/json; x', '']],
  ['content-encoding', ['gzip', 'br', 'identity, gzip']],
  ['transfer-encoding', ['chunked', 'gzip, chunked', 'identity']],
  [
    'range',
    ['bytes=0-', 'bytes=-1', 'bytes=5-2', 'bytes=0-0,1-1', `bytes=${'9'.repeat(30)}-`, 'x'],
  ],
  ['if-none-match', ['*', '""', 'W/"x"', '"'.repeat(50)]],
  ['if-range', ['""', 'x', 'Mon, 01 Jan 2024 00:00:00 GMT']],
  [
    'authorization',
    ['Bearer', `Bearer ${'0'.repeat(32)}`, 'Upload e30', 'Upload bnVsbA', 'Upload !'],
  ],
  ['origin', ['null', 'https://evil.example', 'http://localhost:1']],
  ['host', ['evil.example', '', '127.0.0.1@evil', '[::1]']],
  ['x-request-id', ['..', 'a'.repeat(200), 'é']],
  ['traceparent', ['00-0-0-00', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`]],
  ['x-http-method-override', ['DELETE']],
  ['expect', ['100-continue', 'x']],
];

/** The agents' door over HTTP: what honest clients sent, altered in path, headers and body. */
export const openHttpTarget: OpenTarget = async (life) =>
  await Promise.resolve({
    async enter(dice, note) {
      const { method, path, headers, body } = dice.pick(life.exchanges);
      const head = new Headers(headers);
      if (dice.chance(0.4)) alterHeader(dice, head);
      const way = dice.chance(0.3) ? alteredPath(dice, path) : path;
      const sent = body === undefined ? undefined : alteredBody(dice, head, body);
      const verb = dice.chance(0.05)
        ? dice.pick(['PUT', 'POST', 'DELETE', 'GET', 'PATCH'])
        : method;
      const init = { method: verb, headers: head, ...(verb !== 'GET' && sent && { body: sent }) };
      note(`${verb} ${way} ${JSON.stringify([...head])}\n${sent?.toString('latin1') ?? ''}`);
      const request = requestOf(`http://127.0.0.1/hospital${way}`, init);
      if (request === undefined) return;
      const answer = await life.fetch(request.url, init);
      const text = await answer.text();
      if (answer.status < 400) return;
      const { code, status } = JSON.parse(text) as { code: string; status: number };
      if (!Object.hasOwn(catalogue, code) || code === 'INTERNAL' || status !== answer.status) {
        throw new TargetFault(text);
      }
      if (text.length > 20_000) throw new TargetFault('it sends back what came');
    },
  });

/** Makes a request; undefined if no client can send it. */
function requestOf(url: string, init: RequestInit): Request | undefined {
  try {
    return new Request(url, init);
  } catch {
    return undefined;
  }
}

function alterHeader(dice: Dice, head: Headers): void {
  const authorization = head.get('authorization');
  if (authorization !== null && dice.chance(0.6)) {
    head.set('authorization', latin(alteredAuthorization(dice, authorization)));
    return;
  }
  const [name, values] = dice.pick(ODD_HEADERS);
  head.set(name, latin(dice.pick(values)));
}

/** The signed upload in a header, altered within, or the header's text. */
function alteredAuthorization(dice: Dice, text: string): string {
  const [scheme = '', content = ''] = text.split(' ');
  if (scheme !== 'Upload' || dice.chance(0.3)) return mutateText(dice, text);
  const value: unknown = JSON.parse(Buffer.from(content, 'base64url').toString());
  return `Upload ${Buffer.from(mutateJson(dice, value)).toString('base64url')}`.slice(0, 12_000);
}

/** Replaces characters that a header cannot carry. */
function latin(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?');
}

function alteredPath(dice: Dice, path: string): string {
  const parts = path.split(/(?<=[/?=])/);
  const at = dice.between(0, parts.length - 1);
  const part = dice.chance(0.5) ? dice.pick(ODD_TEXTS) : mutateText(dice, parts[at] ?? '');
  const text = encodeURI(part.toWellFormed().slice(0, 3000));
  return `/${[...parts.slice(0, at), text, ...parts.slice(at + 1)].join('').replace(/^\/+/, '')}`;
}

function alteredBody(dice: Dice, head: Headers, body: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  if (head.get('content-type') !== 'application/json') return mutateBytes(dice, body);
  if (dice.chance(0.15)) return mutateBytes(dice, body);
  const value: unknown = JSON.parse(body.toString());
  if (!Array.isArray(value) || value.length === 0 || dice.chance(0.2)) {
    return Buffer.from(mutateJson(dice, value));
  }
  // One of a list is altered, and others are as they were.
  const items = (value as unknown[]).map((each) => JSON.stringify(each));
  return Buffer.from(`[${[...items, mutateJson(dice, value[0])].join(',')}]`);
}
