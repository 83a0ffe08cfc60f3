import { Hono, type Context } from 'hono';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { bytesToHex, bytesToUtf8 } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { answerJsonRpc } from '../../ledger/answerJsonRpc.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import type { SigningContext } from '../../protocol/signing.ts';
import { guardPorts } from '../../services/guardPorts.ts';
import type { PeerPorts } from '../../services/peerRules.ts';
import { answerProblem } from '../http/answerProblem.ts';
import { readBody } from '../http/readBody.ts';
import { streamAnswer } from '../http/streamAnswer.ts';
import type { PeerGate } from './PeerGate.ts';

/** Where the ledger is. */
export const LEDGER_PATH = '/peer/v1/ledger/rpc';
/** The most bytes that the argument of a call may have: some more than what an agent takes in one request. */
const LIMIT = 24 * 2 ** 20;

/** What an organisation opens to the others. */
export interface PeerAppOptions {
  readonly network: NetworkFile;
  readonly organisation: Organisation;
  readonly primitives: SigningContext['primitives'];
  readonly gate: PeerGate;
  readonly ports: PeerPorts;
  /** The ledger, where it is in this process: each of the others sends its own signed transactions to it. */
  readonly ledger?: LedgerProvider;
}

/**
 * An organisation's services over HTTP, for the other organisations alone: `POST /peer/v1/<service>/<method>`, the
 * argument as JSON, every call authenticated before its body is read. It answers with JSON, with 204 where there is
 * nothing to say, with the bytes of a file, or with a problem. `POST /peer/v1/ledger/rpc` is Ethereum JSON-RPC.
 *
 * @param options - Whose services, and who lets in.
 */
export function peerApp(options: PeerAppOptions): Hono {
  const { network, organisation: receiver, primitives, gate, ports, ledger } = options;
  const app = new Hono();
  app.onError(answerProblem);
  app.notFound(() => answerProblem(new MedsealError('NOT_FOUND', { what: 'path' })));
  app.post(LEDGER_PATH, async (c) => {
    const { content } = await authenticated(c, LEDGER_PATH);
    if (ledger === undefined) throw new MedsealError('METHOD_UNKNOWN', { method: 'of this name' });
    const answer = await answerJsonRpc(ledger, jsonIn(content, true));
    return answer === undefined ? c.body(null, 204) : c.json(answer as object);
  });
  app.post('/peer/v1/:service/:method', async (c) => {
    const { service, method } = c.req.param();
    const { caller, content } = await authenticated(c, `/peer/v1/${service}/${method}`);
    const call = find(guardPorts(ports, { network, caller, receiver }), service, method);
    const result = call(jsonIn(content));
    if (isStream(result)) return await streamAnswer(c, result);
    const answer: unknown = await result;
    return answer === undefined ? c.body(null, 204) : c.json(answer as object);
  });
  return app;

  /** Who calls, and the body, once it is known to be what was signed. */
  async function authenticated(
    c: Context,
    path: string,
  ): Promise<{ caller: Organisation; content: Uint8Array }> {
    const head = { method: 'POST', path, authorization: c.req.header('authorization') };
    const { caller, body } = gate.admit(head);
    const content = await readBody(c.req.raw, LIMIT);
    if (bytesToHex(primitives.sha256(content)) === body) return { caller, content };
    throw new MedsealError('PEER_UNAUTHENTIC', {});
  }
}

/** Looks a method up by names that are not trusted. */
function find(ports: PeerPorts, service: string, method: string): (argument: unknown) => unknown {
  const port: unknown = Object.hasOwn(ports, service) ? Reflect.get(ports, service) : {};
  const found: unknown = Object.hasOwn(port as object, method)
    ? Reflect.get(port as object, method)
    : undefined;
  if (typeof found !== 'function') {
    throw new MedsealError('METHOD_UNKNOWN', { method: 'of this name' });
  }
  return found as (argument: unknown) => unknown;
}

/** What is no JSON is refused; JSON-RPC has an answer of its own for it. */
function jsonIn(content: Uint8Array, orNothing = false): unknown {
  try {
    return JSON.parse(bytesToUtf8(content));
  } catch (cause) {
    if (orNothing) return undefined;
    throw new MedsealError('REQUEST_MALFORMED', { what: 'JSON' }, { cause });
  }
}

function isStream(value: unknown): value is AsyncIterable<Uint8Array> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
