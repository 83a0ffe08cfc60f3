import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { Hono, type Context } from 'hono';
import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { bytesToHex } from '../crypto/bytes.ts';
import { isStream } from '../crypto/sealing/isStream.ts';
import type { Random } from '../crypto/Random.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { answerJsonRpc } from '../ledger/answerJsonRpc.ts';
import type { Clock } from '../protocol/Clock.ts';
import type { Organisation } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import type { SigningContext } from '../protocol/struct/signing.ts';
import { guardPorts } from './guardPorts.ts';
import { peerCalls, type PeerMethod, type PeerPorts } from '../services/peers/peerCalls.ts';
import { answerProblem } from '../http/answerProblem.ts';
import { answerFor } from '../http/callers/callerNow.ts';
import { identifyRequest } from '../http/identifyRequest.ts';
import { jsonIn, jsonOrNothing } from '../http/jsonIn.ts';
import { createLimiter } from '../http/limits/createLimiter.ts';
import type { RequestLimits } from '../http/limits/RequestLimits.ts';
import { visiting, type RequestScope } from '../http/limits/RequestScope.ts';
import { reportAnswers, type AnsweredRequest } from '../http/reportAnswers.ts';
import { streamAnswer } from '../http/streamAnswer.ts';
import { systemClock } from '../folder/systemClock.ts';
import { systemRandom } from '../folder/systemRandom.ts';
import type { PeerGate } from './PeerGate.ts';
import type { TlsIdentity } from './tls/TlsIdentity.ts';
import { NETWORK_HEADER, networkHeader, SUCCESSORS_PATH, successorsPage } from './askSuccessors.ts';
import type { Succession } from '../services/succession/Succession.ts';
import { BLOCKS_PATH, provable, readable, type BlockService } from './BlockService.ts';
import { shareCalls } from './shareCalls.ts';

/** Path of the ledger. */
export const LEDGER_PATH = '/peer/v1/ledger/rpc';
/**
 * Limits of the other organisations together; each gets at most an eighth. The argument of a call may be somewhat longer
 * than a request to an agent, and one call may lead to a call back, so that many run at once.
 */
const LIMITS: Partial<RequestLimits> = {
  bodyBytes: 24 * 2 ** 20,
  bodiesBytes: 384 * 2 ** 20,
  requests: 1024,
};
/** Limits of questions that nobody signed: they take nothing from organisations, and a validator answers few at once. */
const UNSIGNED: Partial<RequestLimits> = {
  bodyBytes: 8192,
  bodiesBytes: 2 ** 20,
  requests: 32,
  waiting: 256,
};

/** Options of `peerApp`. */
export interface PeerAppOptions {
  readonly network: NetworkFile;
  readonly organisation: Organisation;
  readonly primitives: SigningContext['primitives'];
  readonly gate: PeerGate;
  readonly ports: PeerPorts;
  /** This node's key for TLS and the others', if the server speaks TLS itself. */
  readonly tls?: TlsIdentity | undefined;
  /** The network's files and successors, for nodes that ask; nobody is answered if absent. */
  readonly succession?: Pick<Succession, 'files' | 'successors'> | undefined;
  /** The ledger, if it is in this process: each other organisation sends its own signed transactions to it. */
  readonly ledger?: LedgerProvider;
  /** The blocks of the organisation's validator, if it has one. */
  readonly blocks?: BlockService | undefined;
  /** Called after each answer. */
  readonly onAnswer?: (answered: AnsweredRequest) => void;
  /** The machine's if absent. */
  readonly clock?: Clock;
  /** The machine's if absent. */
  readonly random?: Random;
  /** Limits that differ from the defaults. */
  readonly limits?: Partial<RequestLimits>;
}

/**
 * Serves an organisation's services over HTTP, for other organisations only: `POST /peer/v1/<service>/<method>`, the
 * argument as JSON, every call authenticated before its body is read. It answers with JSON, with 204 if there is
 * no value, with the bytes of a file, or with a problem. `POST /peer/v1/ledger/rpc` is Ethereum JSON-RPC; of a validator's
 * ledger it gives what proves blocks. `GET /peer/v1/successors` and `/peer/v1/blocks` are not authenticated: their answers
 * prove themselves, but for the word of what a validator keeps.
 *
 * @param options - The services, and the gate that authenticates callers.
 */
export function peerApp(options: PeerAppOptions): Hono {
  const { network, organisation: receiver, primitives, gate, ports, ledger, tls } = options;
  const { succession, blocks } = options;
  const { onAnswer, clock = systemClock, random = systemRandom } = options;
  const limiter = createLimiter({ ...LIMITS, ...options.limits }, clock);
  const unsigned = createLimiter({ ...LIMITS, ...options.limits, ...UNSIGNED }, clock);
  const read = ledger ?? (blocks && readable(blocks.ledger));
  const ledgerOf = read && shareCalls(read, clock);
  const app = new Hono();
  app.use(identifyRequest(random));
  if (onAnswer !== undefined) app.use(reportAnswers(clock, onAnswer));
  app.use(async (c, next) => {
    await next();
    if (succession !== undefined) {
      c.res.headers.set(NETWORK_HEADER, networkHeader(primitives, succession.files));
    }
  });
  app.onError(answerProblem);
  app.notFound((c) => answerProblem(new MedsealError('NOT_FOUND', { what: 'path' }), c));
  // Anybody may know them; a node whose keys have changed meanwhile cannot sign its question.
  app.get(
    SUCCESSORS_PATH,
    async (c) =>
      await visiting(c, async (scope) => {
        const from = Number(c.req.query('from') ?? '1');
        if (!Number.isSafeInteger(from) || from < 0)
          throw new MedsealError('REQUEST_MALFORMED', { what: 'from' });
        await unsigned.enter(scope, 'request');
        return c.json(successorsPage(succession?.successors ?? [], from));
      }),
  );
  if (blocks !== undefined) serveBlocks(blocks);
  app.post(
    LEDGER_PATH,
    async (c) =>
      await visiting(c, async (scope) => {
        const { caller, content } = await authenticated(c, scope, LEDGER_PATH);
        if (ledgerOf === undefined)
          throw new MedsealError('METHOD_UNKNOWN', { method: 'of this name' });
        return await answer(c, answerJsonRpc(ledgerOf(caller), jsonOrNothing(content), clock));
      }),
  );
  for (const [service, calls] of Object.entries(peerCalls)) {
    for (const [method, { takes }] of Object.entries<PeerMethod>(calls)) {
      const path = `/peer/v1/${service}/${method}`;
      app.post(
        path,
        async (c) =>
          await visiting(c, async (scope) => {
            const { caller, content } = await authenticated(c, scope, path);
            const guarded = guardPorts(ports, { network, caller, receiver });
            const port = guarded[service as keyof PeerPorts] as unknown as Callable;
            // Whoever applies there can make up addresses, and not this.
            return await answerFor(`node of ${caller}`, async () => {
              return await answer(c, port[method]?.(jsonIn(content, takes)));
            });
          }),
      );
    }
  }
  app.post(
    '/peer/v1/:service/:method',
    async (c) =>
      await visiting(c, async (scope) => {
        const { service, method } = c.req.param();
        await authenticated(c, scope, `/peer/v1/${service}/${method}`);
        throw new MedsealError('METHOD_UNKNOWN', { method: 'of this name' });
      }),
  );
  return app;

  /** A newcomer, whose key no file in force names yet, asks for them too. */
  function serveBlocks(service: BlockService): void {
    const proofs = provable(service.ledger);
    app.get(BLOCKS_PATH, async (c) => await answerAnybody(c, async () => await service.kept()));
    const prove = async (content: Uint8Array): Promise<unknown> =>
      await answerJsonRpc(proofs, jsonOrNothing(content), clock);
    app.post(BLOCKS_PATH, async (c) => await answerAnybody(c, prove));
  }

  /** Answers a question that nobody signed. */
  async function answerAnybody(
    c: Context,
    answered: (content: Uint8Array) => unknown,
  ): Promise<Response> {
    return await visiting(c, async (scope) => {
      const content = await unsigned.readBytes(scope, c.req.raw);
      await unsigned.enter(scope, 'request');
      return await answer(c, answered(content));
    });
  }

  /** Returns the organisation at the other end of the connection, if that is known. */
  function connectedTo({ env }: Context): Organisation | undefined {
    const { incoming } = (env ?? {}) as { readonly incoming?: IncomingMessage };
    if (tls === undefined || !(incoming?.socket instanceof TLSSocket)) return undefined;
    const connected = tls.organisationAt(incoming.socket);
    // Its key was pinned before: it may ask for successors, and for nothing else.
    if (connected === undefined) throw new MedsealError('PEER_UNAUTHENTIC', {});
    return connected;
  }

  /** Returns the caller and the body, once the body is known to be the signed one. */
  async function authenticated(
    c: Context,
    scope: RequestScope,
    path: string,
  ): Promise<{ caller: Organisation; content: Uint8Array }> {
    const head = { method: 'POST', path, authorization: c.req.header('authorization') };
    const { caller, body } = await gate.admit({ ...head, connected: connectedTo(c) });
    scope.caller = caller;
    const content = await limiter.readBytes(scope, c.req.raw);
    if (bytesToHex(primitives.sha256(content)) !== body) {
      throw new MedsealError('PEER_UNAUTHENTIC', {});
    }
    await limiter.enter(scope, 'request');
    return { caller, content };
  }
}

type Callable = Readonly<Record<string, (argument: unknown) => unknown>>;

async function answer(c: Context, result: unknown): Promise<Response> {
  if (isStream(result)) return await streamAnswer(c, result);
  const value: unknown = await result;
  return value === undefined ? c.body(null, 204) : c.json(value as object);
}
