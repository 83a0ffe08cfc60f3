import { base64urlnopad } from '@scure/base';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { parseJsonBytes } from '../../crypto/parseJsonBytes.ts';
import { tilePath } from '../../crypto/merkle/tilePath.ts';
import { readBody } from '../../crypto/readBody.ts';
import { fromProblem } from '../../errors/fromProblem.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { Either, findShapeError, MapOf, type Shape } from '../../protocol/findShapeError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import {
  AUDITED_ENTRY,
  CONSISTENCY_PROOF,
  ENROLMENT_RESULT,
  ENTRY_PROOF,
  INCLUSION_PROOF,
  LEDGER_BLOCK,
  LEDGER_PLACE,
  LOG_BATCH,
  LOG_ENTRY,
  OUTCOME,
  PENDING_RECEIPT,
  PLACED,
  SIGNED_CHECKPOINT,
} from '../../protocol/shapes/answerShapes.ts';
import { PARTY_CARD, PROVEN_SHEET, SENT_LETTER } from '../../protocol/shapes/askedShapes.ts';

/** The platform's `fetch`, as far as it is used. */
export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

/**
 * Makes the port to an organisation's agent across the network.
 *
 * @param url - The agent's address, such as `http://127.0.0.1:8480/hospital`.
 * @param fetch - Function to use in place of the platform's `fetch`.
 * @throws MedsealError from every method: the problem that the agent answered; `PEER_UNREACHABLE`, `PEER_MALFORMED`.
 * @example
 * ```ts
 * const agent = httpAgent('http://127.0.0.1:8480/hospital');
 * const network = await agent.network();
 * ```
 */
export function httpAgent(url: string, fetch: Fetch = globalThis.fetch): AgentPort {
  const base = url.replace(/\/$/, '');

  const agent: AgentPort = {
    // Readers of a network file, or of coordinators' answers, check every part themselves.
    network: async () => await get('/v1/network', OBJECT),
    submit: async (submissions) => await post('/v1/submissions', submissions, [OUTCOME]),
    facts: async (query) => await post('/v1/facts', query, ['any']),
    suspend: async (suspension) => await post('/v1/suspensions', suspension, LEDGER_PLACE),
    apply: async (application) => await post('/v1/applications', application, ENROLMENT_RESULT),
    keep: async (keepsake) => await post('/v1/keepsakes', keepsake, ['any']),
    keepCard: async (card) => await send('PUT', `/v1/parties/${card.party}`, card),
    async send(letter) {
      const headers = { 'content-type': 'application/json' };
      await call('/v1/letters', { method: 'POST', headers, body: JSON.stringify(letter) });
    },
    collect: async (request) => await post('/v1/letters/collect', request, [SENT_LETTER]),
    card: async (party) => await get(`/v1/parties/${party}`, PARTY_CARD),
    sheet: async ({ handle, epoch }) => await get(`/v1/sheets/${handle}/${epoch}`, PROVEN_SHEET),
    receipt: async ({ log, index }) => await get(`/v1/receipts/${log}/${index}`, RECEIPT),
    checkpoint: async (log) => await get(`/v1/checkpoints/${log}`, SIGNED_CHECKPOINT),
    checkpoints: async ({ log, from }) =>
      await get(`/v1/checkpoints/${log}/list?from=${from}`, [PLACED]),
    entries: async ({ log, from }) => await get(`/v1/entries/${log}?from=${from}`, [LOG_ENTRY]),
    inclusion: async ({ log, index, size }) =>
      await get(`/v1/proofs/${log}/inclusion/${index}/${size}`, INCLUSION_PROOF),
    consistency: async ({ log, from, to }) =>
      await get(`/v1/proofs/${log}/consistency/${from}/${to}`, CONSISTENCY_PROOF),
    blocks: async ({ from }) => await get(`/v1/blocks?from=${from}`, [LEDGER_BLOCK]),
    batches: async ({ log, from }) => await get(`/v1/batches/${log}?from=${from}`, [LOG_BATCH]),
    audit: async (query) => await post('/v1/audits/entries', query, [AUDITED_ENTRY]),
    tallies: async (query) => await post('/v1/audits/tallies', query, ['any']),
    async tile({ log, level, index, width }) {
      const response = await call(`/v1/tlog/${log}/${tilePath(level, index, width)}`);
      return bytesToHex(await bytesOf(response));
    },
    async upload(request, content) {
      const init = STREAMS ? streamOf(content) : { body: await blobOf(content) };
      // The signed upload goes with the bytes rather than before them, so that nobody has to remember it.
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
              // A connection may break; the rest is asked for again.
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
  addresses.set(agent, base);
  return agent;

  async function get<Value>(path: string, shape: Shape): Promise<Value> {
    return checked(shape, await decode(await call(path))) as Value;
  }

  async function post<Value>(path: string, body: unknown, shape: Shape): Promise<Value> {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    return checked(shape, await decode(await call(path, init))) as Value;
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
    // A file has no time limit; and no request follows a redirection.
    const isFile = path.startsWith('/v1/files/');
    const send = async (): Promise<Response> => {
      const signal = isFile ? {} : { signal: AbortSignal.timeout(PATIENCE) };
      return await fetch(base + path, { ...init, ...signal, redirect: 'error' });
    };
    // The agent may have ended a connection that was kept open; it gives a repeated request the same answer.
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

/** Address of each agent. */
const addresses = new WeakMap<AgentPort, string>();

/** Returns the address of an agent across the network; undefined if it is another kind of port. */
export function agentAddress(agent: AgentPort): string | undefined {
  return addresses.get(agent);
}

/** Number of times that a file is asked for until all of it has come. */
const ATTEMPTS = 5;
/** Largest answer that is not a file, bytes. */
const LIMIT = 128 * 2 ** 20;
/** Milliseconds that an answer that is not a file may take. */
const PATIENCE = 180_000;

const OBJECT = new MapOf(/^[a-zA-Z]+$/, 'any');
const RECEIPT = new Either(ENTRY_PROOF, PENDING_RECEIPT);

async function* partsOf({ body }: Response): AsyncGenerator<Uint8Array, void> {
  if (body !== null) yield* body;
}

/** True if `fetch` can stream a body: Node's can, a browser's only over newer versions of HTTP. */
const STREAMS = globalThis.navigator?.userAgent?.startsWith('Node.js') ?? false;

/**
 * Makes the options to stream a body. With these two settings `fetch` (WHATWG Fetch, "HTTP-network-or-cache fetch",
 * step 8.2) sends the stream itself; with any others it sends a copy and keeps the whole original in memory, for a
 * redirection.
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

async function decode(response: Response): Promise<unknown> {
  const bytes = await bytesOf(response);
  try {
    return parseJsonBytes(bytes);
  } catch (cause) {
    throw new MedsealError('PEER_MALFORMED', { what: 'answer' }, { cause });
  }
}

/** Reads all of an answer that is not a file. */
async function bytesOf(response: Response): Promise<Uint8Array> {
  try {
    return await readBody({ body: partsOf(response) }, LIMIT);
  } catch (cause) {
    if (cause instanceof MedsealError) {
      throw new MedsealError('PEER_MALFORMED', { what: 'answer over the limit' }, { cause });
    }
    throw new MedsealError('PEER_UNREACHABLE', { peer: response.url }, { cause });
  }
}

function checked(shape: Shape, value: unknown): unknown {
  const misfit = findShapeError(shape, value, 'answer');
  if (misfit === undefined) return value;
  throw new MedsealError('PEER_MALFORMED', { what: 'answer' }, { cause: new Error(misfit) });
}
