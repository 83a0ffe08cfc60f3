import { base64urlnopad } from '@scure/base';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { parseJsonBytes, type JsonLimits } from '../../crypto/parseJsonBytes.ts';
import { tilePath } from '../../crypto/merkle/tilePath.ts';
import { readBody } from '../../crypto/readBody.ts';
import { fromProblem } from '../../errors/fromProblem.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { ByteStream } from '../../protocol/ByteStream.ts';
import { Either, MapOf, type Shape } from '../../protocol/wire/findShapeError.ts';
import type { Bytes32, LogName } from '../../protocol/ids.ts';
import { jsonLimitsOf } from '../../protocol/wire/jsonLimitsOf.ts';
import type { Operation } from '../../protocol/operations/Operation.ts';
import type { BodyOf, GivenBy, ParametersFor } from '../../protocol/operations/typesOf.ts';
import { operations, type OperationId } from '../../protocol/operations/operations.ts';
import { pathOf } from '../../protocol/operations/pathOf.ts';
import { parseShape } from '../../protocol/wire/parseShape.ts';
import { PROBLEM_LIMITS } from '../../protocol/wire/problemLimits.ts';

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
    network: async () => await ask('getNetwork', {}),
    async submit(submissions) {
      const fits = jsonLimitsOf(OUTCOMES_OF_LIST, MOST);
      const answer = await decode(await call('submit', {}, jsonOf(submissions)), fits);
      return parseShape(OUTCOMES_OF_LIST, answer, 'answer', malformed);
    },
    facts: async (query) => await ask('askFacts', {}, query),
    changeKey: async (asked) => await ask('changeKey', {}, asked),
    vital: async (asked) => await ask('placeVital', {}, asked),
    units: async (asked) => await ask('placeUnits', {}, asked),
    settle: async (asked) => await ask('settle', {}, asked),
    successors: async () => await ask('listSuccessors', {}),
    portal: async () => await ask('getPortal', {}),
    succeed: async (successor) => await ask('succeed', {}, successor),
    suspend: async (suspension) => await ask('suspend', {}, suspension),
    apply: async (application) => await ask('apply', {}, application),
    keep: async (deposit) => await ask('keep', {}, deposit),
    keepCard: async (card) => await tell('putParty', { party: card.party }, card),
    send: async (letter) => await tell('send', {}, letter),
    collect: async (request) => await ask('collect', {}, request),
    findRights: async (request) => await ask('findRights', {}, request),
    card: async (party) => await ask('getParty', { party }),
    sheet: async (query) => await ask('getSheet', query),
    receipt: async ({ log, index }) => await ask('getReceipt', { ...halvesOf(log), index }),
    checkpoint: async (log) => await ask('getCheckpoint', halvesOf(log)),
    checkpoints: async ({ log, from }) => await ask('listCheckpoints', { ...halvesOf(log), from }),
    entries: async ({ log, from }) => await ask('listEntries', { ...halvesOf(log), from }),
    inclusion: async ({ log, index, size }) =>
      await ask('getInclusion', { ...halvesOf(log), index, size }),
    consistency: async ({ log, from, to }) =>
      await ask('getConsistency', { ...halvesOf(log), from, to }),
    blocks: async (query) => await ask('listBlocks', query),
    ledger: async (call) => await ask('askLedger', {}, call),
    batches: async ({ log, from }) => await ask('listBatches', { ...halvesOf(log), from }),
    audit: async (query) => await ask('listAudited', {}, query),
    lists: async (query) => await ask('listViewedRecords', {}, query),
    release: async (asked) => await ask('releaseShares', {}, asked),
    releases: async (asked) => await ask('listReleases', {}, asked),
    tallies: async (query) => await ask('listTallies', {}, query),
    async tile({ log, level, index, width }) {
      // The path of a tile in a log begins with the word that the operation's path ends in.
      const tile = tilePath(level, index, width).replace(/^tile\//, '');
      const response = await call('getTlogTile', { ...halvesOf(log), tile });
      return bytesToHex(await bytesOf(response, MOST));
    },
    async upload(request, content) {
      const init = STREAMS ? streamOf(content) : { body: await blobOf(content) };
      // The signed upload goes with the bytes rather than before them, so that nobody has to remember it.
      const announced = base64urlnopad.encode(utf8ToBytes(JSON.stringify(request)));
      const headers = { authorization: `Upload ${announced}` };
      await call('putFile', { hash: request.message.file }, { headers, ...init });
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
      let hasStalled = false;
      for (let attempt = 1; ; attempt++) {
        const isWhole = range === undefined && at === 0;
        const line = new AbortController();
        const part = isWhole ? undefined : `bytes=${at}-${last}`;
        const parts = partsOf(await file(ticket, hash, part, line.signal));
        try {
          for (;;) {
            const stalled = setTimeout(() => line.abort(), STALLED);
            const next = await parts
              .next()
              .catch((cause: unknown) => {
                // A connection may break, and may stand still once; the rest is asked for again.
                const isAgain = line.signal.aborted && hasStalled;
                hasStalled ||= line.signal.aborted;
                if (attempt < ATTEMPTS && !isAgain) return undefined;
                throw new MedsealError('PEER_UNREACHABLE', { peer: base }, { cause });
              })
              .finally(() => clearTimeout(stalled));
            if (next === undefined) break;
            if (next.done === true) return;
            at += next.value.length;
            yield next.value;
          }
        } finally {
          await parts.return().catch(() => undefined);
        }
      }
    },
  };
  addresses.set(agent, base);
  return agent;

  /** Calls an operation whose answer is JSON of the shape that the table says. */
  async function ask<Id extends OperationId>(
    id: Id,
    parameters: ParametersFor<Id>,
    ...[body]: BodyGiven<Id>
  ): Promise<GivenBy<Id>> {
    const fits = jsonLimitsOf(wholeShape(operations[id]), MOST);
    const answer = await decode(await call(id, parameters, jsonOf(body)), fits);
    return parseShape(answerShape(operations[id]), answer, 'answer', malformed) as GivenBy<Id>;
  }

  /** Calls an operation whose answer says nothing. */
  async function tell<Id extends OperationId>(
    id: Id,
    parameters: ParametersFor<Id>,
    body: BodyOf<Id>,
  ): Promise<void> {
    await call(id, parameters, jsonOf(body));
  }

  async function file(
    ticket: string,
    hash: Bytes32,
    range: string | undefined,
    signal?: AbortSignal,
  ): Promise<Response> {
    const headers = { authorization: `Bearer ${ticket}`, ...(range !== undefined && { range }) };
    const response = await call('getFile', { hash }, { headers, ...(signal && { signal }) });
    if (response.status === (range === undefined ? 200 : 206)) return response;
    throw new MedsealError('PEER_MALFORMED', { what: 'answer' });
  }

  async function call<Id extends OperationId>(
    id: Id,
    parameters: ParametersFor<Id>,
    init?: RequestInit,
  ): Promise<Response> {
    const operation: Operation = operations[id];
    const path = pathOf(operation, parameters);
    const { method } = operation;
    // A file may take any time, as long as bytes come; and no request follows a redirection.
    const isFile = id === 'getFile' || id === 'putFile';
    const send = async (): Promise<Response> => {
      const signal = isFile ? {} : { signal: AbortSignal.timeout(PATIENCE) };
      const asked = { ...(method !== 'GET' && { method }), ...init, ...signal };
      return await fetch(base + path, { ...asked, redirect: 'error' });
    };
    // The agent may have ended a connection that was kept open; it gives a repeated request the same answer.
    const twice = init?.body === undefined || typeof init.body === 'string';
    const response = await send()
      .catch(async (cause: unknown) => (twice ? await send() : await Promise.reject(cause)))
      .catch((cause: unknown) => {
        throw new MedsealError('PEER_UNREACHABLE', { peer: base }, { cause });
      });
    if (!response.ok) throw fromProblem(await decode(response, PROBLEM_LIMITS));
    return response;
  }
}

/** Address of each agent. */
const addresses = new WeakMap<AgentPort, string>();

/**
 * Returns the address of an agent across the network.
 *
 * @param agent - The agent.
 * @returns Undefined if it is another kind of port.
 * @example
 * ```ts
 * const agent = httpAgent('http://127.0.0.1:8480/hospital/');
 * console.log(agentAddress(agent)); // http://127.0.0.1:8480/hospital
 * ```
 */
export function agentAddress(agent: AgentPort): string | undefined {
  return addresses.get(agent);
}

/** Number of times that a file is asked for until all of it has come. */
const ATTEMPTS = 5;
/** Milliseconds without a byte of a file that has begun to come, after which it is asked for again, and then no more. */
const STALLED = 60_000;
/** The most bytes of an answer that is not a file, if its shape sets no lower limit. */
const MOST = 128 * 2 ** 20;
/** Milliseconds that an answer that is not a file may take. */
const PATIENCE = 180_000;

/** A body, for an operation that takes JSON. */
type BodyGiven<Id extends OperationId> = undefined extends BodyOf<Id> ? [] : [body: BodyOf<Id>];

function jsonOf(body: unknown): RequestInit {
  if (body === undefined) return {};
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** The two halves of a log's name, as paths have them. */
function halvesOf(log: LogName): { readonly channel: string; readonly organisation: string } {
  const at = log.indexOf('/');
  return { channel: log.slice(0, Math.max(at, 0)), organisation: log.slice(at + 1) };
}

/** The shape of an operation's answer. */
function wholeShape({ gives }: Operation): Shape {
  const shapes = Object.values(gives).flatMap((given) => ('json' in given ? [given.json] : []));
  const [only] = shapes;
  return only !== undefined && shapes.length === 1 ? only : new Either(...shapes);
}

/** The shape that it must have; only the outside of it if readers check the parts. */
function answerShape(operation: Operation): Shape {
  const shape = wholeShape(operation);
  if (operation.checkedByReader !== true) return shape;
  return Array.isArray(shape) ? ['any'] : OBJECT;
}

/** Form of the answer to a list of submissions; that to a single one is the other. */
const [, OUTCOMES_OF_LIST] = operations.submit.gives[200].json.shapes;
const OBJECT = new MapOf(/^[a-zA-Z]+$/, 'any');

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

async function blobOf(content: ByteStream): Promise<Blob> {
  if (content.blob !== undefined) return content.blob;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of content) parts.push(new Uint8Array(part));
  return new Blob(parts);
}

async function decode(response: Response, fits: JsonLimits): Promise<unknown> {
  const bytes = await bytesOf(response, fits.bytes);
  try {
    return parseJsonBytes(bytes, fits);
  } catch (cause) {
    throw new MedsealError('PEER_MALFORMED', { what: 'answer' }, { cause });
  }
}

/** Reads all of an answer that is not a file. */
async function bytesOf(response: Response, most: number): Promise<Uint8Array> {
  try {
    return await readBody({ body: partsOf(response) }, most);
  } catch (cause) {
    if (cause instanceof MedsealError) {
      const what = `answer: it has more than ${most} bytes`;
      throw new MedsealError('PEER_MALFORMED', { what }, { cause });
    }
    throw new MedsealError('PEER_UNREACHABLE', { peer: response.url }, { cause });
  }
}

function malformed(misfit: string): MedsealError {
  return new MedsealError('PEER_MALFORMED', { what: 'answer' }, { cause: new Error(misfit) });
}
