import { Hono, type Context } from 'hono';
import { malformed } from '../errors/malformed.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { AgentPort } from '../protocol/AgentPort.ts';
import { parseShape } from '../protocol/wire/parseShape.ts';
import { answerProblem } from './answerProblem.ts';
import { jsonIn } from './jsonIn.ts';
import type { AnswerWork } from './callers/callerNow.ts';
import { answerOverRate } from './limitRate.ts';
import { createLimiter, type RequestLimiter } from './limits/createLimiter.ts';
import { visiting, type RequestScope } from './limits/RequestScope.ts';
import type { Asked } from './Answering.ts';
import { servedOperations, type ServedOperation } from './operations/operations.ts';
import { readParameters } from './readParameters.ts';
import { sendReply } from './sendReply.ts';

/** Parts of a server that its operator opens. */
type Opens = Pick<Asked<never>, 'hasPortal' | 'opensLedger'>;

const CLOSED: Opens = { hasPortal: false, opensLedger: false };

/**
 * Serves an agent over HTTP: every operation of the table at its path, and nothing else.
 *
 * @param agent - The agent.
 * @param limiter - The limits of callers.
 * @param opens - Parts that the operator opened; none if absent. `hasPortal`: the portal is served below the same path; `opensLedger`: anyone may read
 * the ledger here.
 */
export function agentRoutes(
  agent: AgentPort,
  limiter: RequestLimiter = createLimiter(),
  opens: Partial<Opens> = {},
): Hono {
  const routes = new Hono();
  for (const operation of servedOperations) {
    routes.on(
      operation.method,
      routeOf(operation),
      async (c) =>
        await visiting(c, async (scope, work) => {
          const settle = settling(limiter, scope.caller, work);
          scope.hold(settle);
          try {
            const sent = await receive(operation, c, scope, limiter);
            const asked = { ...sent, body: bodyOf(operation, sent.body), ...CLOSED, ...opens };
            const cost = operation.cost?.(asked.body) ?? 0;
            const wait = cost === 0 ? 0 : limiter.countCall(scope.caller, cost);
            if (wait > 0) return answerOverRate(wait, c);
            return await sendReply(c, await operation.answer(agent, asked));
          } finally {
            settle();
          }
        }),
    );
  }
  for (const [route, methods] of methodsByRoute()) {
    const allow = methods.includes('GET') ? [...methods, 'HEAD'] : methods;
    routes.all(route, (c) => {
      const answer = answerProblem(
        new MedsealError('METHOD_NOT_ALLOWED', { method: c.req.method }),
      );
      answer.headers.set('allow', allow.join(', '));
      return answer;
    });
  }
  return routes;
}

/**
 * Makes a function that charges a caller, and the parties that the answer is for, for what it took since the function was last called. It is called when the answer is
 * there, whether or not the caller still waits for it, and when it was sent.
 */
function settling(limiter: RequestLimiter, caller: string, work: AnswerWork): () => void {
  let settled = 0;
  return () => {
    const now = work.spent();
    limiter.charge(caller, now - settled);
    work.chargeParties(now - settled);
    settled = now;
  };
}

/** Returns a path as the router spells it. */
function routeOf({ path, parameters }: ServedOperation): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    parameters[name]?.hasSlashes === true ? `:${name}{.+}` : `:${name}`,
  );
}

function methodsByRoute(): ReadonlyMap<string, readonly string[]> {
  const methods = new Map<string, string[]>();
  for (const operation of servedOperations) {
    const route = routeOf(operation);
    methods.set(route, [...(methods.get(route) ?? []), operation.method]);
  }
  return methods;
}

/**
 * Reads a request, its body in bytes if that is JSON, and then takes its place. It reads no body behind a wrong head,
 * and takes no place before the body is there.
 */
async function receive(
  operation: ServedOperation,
  { req }: Context,
  scope: RequestScope,
  limiter: RequestLimiter,
): Promise<Omit<Asked<never>, 'body' | keyof Opens> & { readonly body: Uint8Array | undefined }> {
  const { parameters, path, takes, authorization, place } = operation;
  const read = readParameters(parameters, (name, place) =>
    place === 'path' ? req.param(name) : req.query(name),
  );
  const base = path === '/' ? req.path : req.path.slice(0, req.path.indexOf('/v1/'));
  let body: Uint8Array | undefined;
  if (takes !== undefined && takes !== 'bytes') {
    requireJson(req.raw);
    body = await limiter.readBytes(scope, req.raw);
  }
  // Those who wait for a place of few hold none of the others.
  if (place !== undefined) await limiter.enter(scope, place);
  await limiter.enter(scope, authorization === undefined ? 'request' : 'file');
  return {
    parameters: read as never,
    body,
    base,
    header: (name) => req.header(name) ?? '',
    content: limiter.readFile(req.raw),
    headOnly: req.method === 'HEAD',
  };
}

function requireJson({ headers }: Request): void {
  if ((headers.get('content-type') ?? '').startsWith('application/json')) return;
  throw new MedsealError('REQUEST_MALFORMED', { what: 'content type' });
}

function bodyOf({ takes, checkedInside }: ServedOperation, bytes: Uint8Array | undefined): unknown {
  if (takes === undefined || takes === 'bytes' || bytes === undefined) return undefined;
  // An item of a list that is malformed is refused for itself.
  const body = jsonIn(bytes, checkedInside === true ? 'any' : takes);
  if (checkedInside === true) return body;
  return parseShape(takes, body, 'body', malformed);
}
