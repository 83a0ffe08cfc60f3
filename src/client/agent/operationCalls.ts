import { parseJsonBytes, type JsonLimits } from '../../crypto/parseJsonBytes.ts';
import { readBody } from '../../crypto/readBody.ts';
import { fromProblem } from '../../errors/fromProblem.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Operation } from '../../protocol/operations/Operation.ts';
import { operations, type OperationId } from '../../protocol/operations/operations.ts';
import { pathOf } from '../../protocol/operations/pathOf.ts';
import type { BodyOf, GivenBy, ParametersFor } from '../../protocol/operations/typesOf.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { Either, MapOf, type Shape } from '../../protocol/wire/findShapeError.ts';
import { jsonLimitsOf } from '../../protocol/wire/jsonLimitsOf.ts';
import { parseShape } from '../../protocol/wire/parseShape.ts';
import { PROBLEM_LIMITS } from '../../protocol/wire/problemLimits.ts';

/** The platform's `fetch`, as far as it is used. */
export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

/** The most bytes of an answer that is not a file, if its shape sets no lower limit. */
const MOST = 128 * 2 ** 20;
/** Milliseconds that an answer that is not a file may take. */
const PATIENCE = 180_000;
/** Statuses by which a proxy says that the node behind it does not answer. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504]);
const OBJECT = new MapOf(/^[a-zA-Z]+$/, 'any');

/** A body, for an operation that takes JSON. */
type BodyGiven<Id extends OperationId> = undefined extends BodyOf<Id> ? [] : [body: BodyOf<Id>];

/** Calls of the operations of an agent. */
export interface OperationCalls {
  /** Calls an operation whose answer is JSON of the shape that the table says. */
  readonly ask: <Id extends OperationId>(
    id: Id,
    parameters: ParametersFor<Id>,
    ...body: BodyGiven<Id>
  ) => Promise<GivenBy<Id>>;
  /** Calls an operation whose answer says nothing. */
  readonly tell: <Id extends OperationId>(
    id: Id,
    parameters: ParametersFor<Id>,
    body: BodyOf<Id>,
  ) => Promise<void>;
  /** Calls an operation, and gives its answer unread. */
  readonly call: <Id extends OperationId>(
    id: Id,
    parameters: ParametersFor<Id>,
    init?: RequestInit,
  ) => Promise<Response>;
}

/**
 * Makes the calls of an agent's operations over HTTP.
 *
 * @param base - The agent's address, without a slash at its end.
 * @param fetch - Function to use in place of the platform's `fetch`.
 */
export function operationCalls(base: string, fetch: Fetch): OperationCalls {
  return { ask, tell, call };

  async function ask<Id extends OperationId>(
    id: Id,
    parameters: ParametersFor<Id>,
    ...[body]: BodyGiven<Id>
  ): Promise<GivenBy<Id>> {
    const response = await call(id, parameters, jsonOf(body));
    const whole = wholeShape(operations[id]);
    return (await readAnswer(response, whole, answerShape(operations[id]))) as GivenBy<Id>;
  }

  async function tell<Id extends OperationId>(
    id: Id,
    parameters: ParametersFor<Id>,
    body: BodyOf<Id>,
  ): Promise<void> {
    await call(id, parameters, jsonOf(body));
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
    if (response.ok) return response;
    if (AWAY.has(response.status) && !isProblem(response)) {
      await response.body?.cancel();
      throw new MedsealError('PEER_UNREACHABLE', { peer: base });
    }
    throw fromProblem(await decode(response, PROBLEM_LIMITS));
  }
}

/** Makes the options of a call with a JSON body. */
export function jsonOf(body: unknown): RequestInit {
  if (body === undefined) return {};
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/**
 * Reads an answer that is JSON.
 *
 * @param response - The answer.
 * @param whole - The shape that sets its limits.
 * @param checked - The part of the shape that it must have; all of it if absent.
 */
export async function readAnswer<Whole extends Shape>(
  response: Response,
  whole: Whole,
  checked: Shape = whole,
): Promise<Of<Whole>> {
  const answer = await decode(response, jsonLimitsOf(whole, MOST));
  return parseShape(checked, answer, 'answer', malformed) as Of<Whole>;
}

/** Reads all of an answer that is not a file. */
export async function answerBytes(response: Response, most = MOST): Promise<Uint8Array> {
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

/** The parts of an answer as they come. */
export async function* partsOf({ body }: Response): AsyncGenerator<Uint8Array, void> {
  if (body !== null) yield* body;
}

async function decode(response: Response, fits: JsonLimits): Promise<unknown> {
  const bytes = await answerBytes(response, fits.bytes);
  try {
    return parseJsonBytes(bytes, fits);
  } catch (cause) {
    throw new MedsealError('PEER_MALFORMED', { what: 'answer' }, { cause });
  }
}

/** Tells a node's own answer from that of a proxy in front of it. */
function isProblem({ headers }: Response): boolean {
  return /^application\/problem\+json\b/.test(headers.get('content-type') ?? '');
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

function malformed(misfit: string): MedsealError {
  return new MedsealError('PEER_MALFORMED', { what: 'answer' }, { cause: new Error(misfit) });
}
