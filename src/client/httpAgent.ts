import { base64urlnopad } from '@scure/base';
import { bytesToHex, utf8ToBytes } from '../crypto/bytes.ts';
import { tilePath } from '../crypto/merkle/tilePath.ts';
import { fromProblem } from '../errors/fromProblem.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { AgentPort } from '../protocol/AgentPort.ts';
import type { Bytes32 } from '../protocol/ids.ts';

/** What is used of the platform's `fetch`. */
export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

/**
 * An organisation's agent across the network.
 *
 * @param url - The agent's address, such as `http://127.0.0.1:8480/hospital`.
 * @param fetch - The platform's unless given.
 * @throws MedsealError from every method: what the agent answered as a problem; `PEER_UNREACHABLE`, `PEER_MALFORMED`.
 * @example
 * ```ts
 * const agent = httpAgent('http://127.0.0.1:8480/hospital');
 * const network = await agent.network();
 * ```
 */
export function httpAgent(url: string, fetch: Fetch = globalThis.fetch): AgentPort {
  const base = url.replace(/\/$/, '');

  return {
    network: async () => await get('/v1/network'),
    submit: async (submissions) => await post('/v1/submissions', submissions),
    facts: async (query) => await post('/v1/facts', query),
    suspend: async (suspension) => await post('/v1/suspensions', suspension),
    apply: async (application) => await post('/v1/applications', application),
    keep: async (keepsake) => await send('POST', '/v1/keepsakes', keepsake),
    keepCard: async (card) => await send('PUT', `/v1/parties/${card.party}`, card),
    async send(letter) {
      const headers = { 'content-type': 'application/json' };
      await call('/v1/letters', { method: 'POST', headers, body: JSON.stringify(letter) });
    },
    collect: async (request) => await post('/v1/letters/collect', request),
    card: async (party) => await get(`/v1/parties/${party}`),
    sheet: async ({ handle, epoch }) => await get(`/v1/sheets/${handle}/${epoch}`),
    receipt: async ({ log, index }) => await get(`/v1/receipts/${log}/${index}`),
    checkpoint: async (log) => await get(`/v1/checkpoints/${log}`),
    checkpoints: async ({ log, from }) => await get(`/v1/checkpoints/${log}/list?from=${from}`),
    entries: async ({ log, from }) => await get(`/v1/entries/${log}?from=${from}`),
    inclusion: async ({ log, index, size }) =>
      await get(`/v1/proofs/${log}/inclusion/${index}/${size}`),
    consistency: async ({ log, from, to }) =>
      await get(`/v1/proofs/${log}/consistency/${from}/${to}`),
    blocks: async ({ from }) => await get(`/v1/blocks?from=${from}`),
    batches: async ({ log, from }) => await get(`/v1/batches/${log}?from=${from}`),
    audit: async (query) => await post('/v1/audits/entries', query),
    tallies: async (query) => await post('/v1/audits/tallies', query),
    async tile({ log, level, index, width }) {
      const response = await call(`/v1/tlog/${log}/${tilePath(level, index, width)}`);
      return bytesToHex(new Uint8Array(await response.arrayBuffer()));
    },
    async upload(request, content) {
      const init = STREAMS ? streamOf(content) : { body: await blobOf(content) };
      // Signed, and with the bytes rather than before them, so that nobody has to remember what was announced.
      const announced = base64urlnopad.encode(utf8ToBytes(JSON.stringify(request)));
      const headers = { authorization: `Upload ${announced}` };
      await call(`/v1/files/${request.message.file}`, { method: 'PUT', headers, ...init });
    },
    async fileSize(ticket, hash) {
      const response = await file(ticket, hash, 'bytes=0-0');
      await response.body?.cancel();
      const size = /^bytes 0-0\/(\d{1,15})$/.exec(response.headers.get('content-range') ?? '')?.[1];
      if (size === undefined) throw new MedsealError('PEER_MALFORMED', { what: 'answer' });
      return Number(size);
    },
    async *download(ticket, hash, range) {
      if (range !== undefined && range.from === range.to) return;
      const last = range === undefined ? '' : range.to - 1;
      let at = range?.from ?? 0;
      for (let attempt = 1; ; attempt++) {
        const isWhole = range === undefined && at === 0;
        const arriving = await file(ticket, hash, isWhole ? undefined : `bytes=${at}-${last}`);
        const parts = partsOf(arriving);
        try {
          for (;;) {
            const part = await parts.next().catch((cause: unknown) => {
              // A connection may break; what is left is asked for again.
              if (attempt < ATTEMPTS) return undefined;
              throw new MedsealError('PEER_UNREACHABLE', { peer: base }, { cause });
            });
            if (part === undefined) break;
            if (part.done === true) return;
            at += part.value.length;
            yield part.value;
          }
        } finally {
          await parts.return().catch(() => undefined);
        }
      }
    },
  };

  async function get<Value>(path: string): Promise<Value> {
    return await decode<Value>(await call(path));
  }

  async function post<Value>(path: string, body: unknown): Promise<Value> {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    return await decode<Value>(await call(path, init));
  }

  async function send(method: string, path: string, body: unknown): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    await call(path, { method, headers, body: JSON.stringify(body) });
  }

  async function file(ticket: string, hash: Bytes32, range: string | undefined): Promise<Response> {
    const headers = { authorization: `Bearer ${ticket}`, ...(range !== undefined && { range }) };
    const response = await call(`/v1/files/${hash}`, { headers });
    if (response.status === (range === undefined ? 200 : 206)) return response;
    throw new MedsealError('PEER_MALFORMED', { what: 'answer' });
  }

  async function call(path: string, init?: RequestInit): Promise<Response> {
    const send = async (): Promise<Response> => await fetch(base + path, init);
    // The agent may have ended a connection that was kept open; what it gets twice it answers alike.
    const twice = init?.body === undefined || typeof init.body === 'string';
    const response = await send()
      .catch(async (cause: unknown) => (twice ? await send() : await Promise.reject(cause)))
      .catch((cause: unknown) => {
        throw new MedsealError('PEER_UNREACHABLE', { peer: base }, { cause });
      });
    if (!response.ok) throw fromProblem(await decode(response));
    return response;
  }
}

/** How often a file is asked for until all of it has come. */
const ATTEMPTS = 5;

async function* partsOf({ body }: Response): AsyncGenerator<Uint8Array, void> {
  if (body !== null) yield* body;
}

/** Whether `fetch` can send a body while it is made: Node's can, a browser's only over newer versions of HTTP. */
const STREAMS = globalThis.navigator?.userAgent?.startsWith('Node.js') ?? false;

/**
 * A body as it is made. With these two settings `fetch` (WHATWG Fetch, "HTTP-network-or-cache fetch", step 8.2) sends
 * the stream itself; with any others it sends a copy and keeps the whole original in memory, for a redirection.
 */
function streamOf(content: AsyncIterable<Uint8Array>): RequestInit & { readonly duplex: 'half' } {
  const parts = content[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await parts.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await parts.return?.();
    },
  });
  return { body, duplex: 'half', redirect: 'error', window: null };
}

async function blobOf(content: AsyncIterable<Uint8Array>): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of content) parts.push(new Uint8Array(part));
  return new Blob(parts);
}

async function decode<Value>(response: Response): Promise<Value> {
  try {
    return (await response.json()) as Value;
  } catch (cause) {
    throw new MedsealError('PEER_MALFORMED', { what: 'answer' }, { cause });
  }
}
