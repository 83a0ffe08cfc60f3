import { Hono } from 'hono';
import { bytesToHex, bytesToUtf8 } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import type { SigningContext } from '../../protocol/signing.ts';
import { guardPorts } from '../../services/guardPorts.ts';
import type { PeerPorts } from '../../services/peerRules.ts';
import { answerProblem } from '../http/answerProblem.ts';
import { readBody } from '../http/readBody.ts';
import { streamAnswer } from '../http/streamAnswer.ts';
import type { PeerGate } from './PeerGate.ts';

/** The most bytes that the argument of a call may have: some more than what an agent takes in one request. */
const LIMIT = 24 * 2 ** 20;

/** What an organisation opens to the others. */
export interface PeerAppOptions {
  readonly network: NetworkFile;
  readonly organisation: Organisation;
  readonly primitives: SigningContext['primitives'];
  readonly gate: PeerGate;
  readonly ports: PeerPorts;
}

/**
 * An organisation's services over HTTP, for the other organisations alone: `POST /peer/v1/<service>/<method>`, the
 * argument as JSON, every call authenticated before its body is read. It answers with JSON, with 204 where there is
 * nothing to say, with the bytes of a file, or with a problem.
 *
 * @param options - Whose services, and who lets in.
 */
export function peerApp(options: PeerAppOptions): Hono {
  const { network, organisation: receiver, primitives, gate, ports } = options;
  const app = new Hono();
  app.onError(answerProblem);
  app.notFound(() => answerProblem(new MedsealError('NOT_FOUND', { what: 'path' })));
  app.post('/peer/v1/:service/:method', async (c) => {
    const { service, method } = c.req.param();
    const path = `/peer/v1/${service}/${method}`;
    const head = { method: 'POST', path, authorization: c.req.header('authorization') };
    const { caller, body } = gate.admit(head);
    const content = await readBody(c.req.raw, LIMIT);
    if (bytesToHex(primitives.sha256(content)) !== body) {
      throw new MedsealError('PEER_UNAUTHENTIC', {});
    }
    const call = find(guardPorts(ports, { network, caller, receiver }), service, method);
    const result = call(argumentIn(content));
    if (isStream(result)) return await streamAnswer(c, result);
    const answer: unknown = await result;
    return answer === undefined ? c.body(null, 204) : c.json(answer as object);
  });
  return app;
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

function argumentIn(content: Uint8Array): unknown {
  try {
    return JSON.parse(bytesToUtf8(content));
  } catch (cause) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'JSON' }, { cause });
  }
}

function isStream(value: unknown): value is AsyncIterable<Uint8Array> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
