import { Hono, type Context } from 'hono';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { findMisfit } from '../../protocol/findMisfit.ts';
import { answerProblem } from './answerProblem.ts';
import type { AnyOperation, Asked } from './Operation.ts';
import { operations } from './operations/operations.ts';
import { readParameters } from './parameters.ts';
import { readJsonBody } from './readJsonBody.ts';
import { sendReply } from './sendReply.ts';

/**
 * An agent's door over HTTP: every operation of the table at its path, and nothing else.
 *
 * @param agent - The agent.
 */
export function agentRoutes(agent: AgentPort): Hono {
  const routes = new Hono();
  for (const operation of operations) {
    routes.on(operation.method, routeOf(operation), async (c) => {
      const asked = await askedOf(operation, c);
      return await sendReply(c, await operation.answer(agent, asked));
    });
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

/** A path as the router spells it. */
function routeOf({ path, parameters }: AnyOperation): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    parameters[name]?.hasSlashes === true ? `:${name}{.+}` : `:${name}`,
  );
}

function methodsByRoute(): ReadonlyMap<string, readonly string[]> {
  const methods = new Map<string, string[]>();
  for (const operation of operations) {
    const route = routeOf(operation);
    methods.set(route, [...(methods.get(route) ?? []), operation.method]);
  }
  return methods;
}

async function askedOf(operation: AnyOperation, c: Context): Promise<Asked<never>> {
  const { parameters, path } = operation;
  const read = readParameters(parameters, (name, place) =>
    place === 'path' ? c.req.param(name) : c.req.query(name),
  );
  return {
    parameters: read as never,
    body: await bodyOf(operation, c),
    base:
      path === '/'
        ? c.req.path.replace(/\/$/, '')
        : c.req.path.slice(0, c.req.path.indexOf('/v1/')),
    header: (name) => c.req.header(name) ?? '',
    content: c.req.raw.body ?? nothing(),
    headOnly: c.req.method === 'HEAD',
  };
}

async function bodyOf({ takes, checkedInside }: AnyOperation, c: Context): Promise<unknown> {
  if (takes === undefined || takes === 'bytes') return undefined;
  if (!(c.req.header('content-type') ?? '').startsWith('application/json')) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'content type' });
  }
  const body = await readJsonBody(c.req.raw);
  const misfit = checkedInside === true ? undefined : findMisfit(takes, body, 'body');
  if (misfit !== undefined) throw new MedsealError('REQUEST_MALFORMED', { what: misfit });
  return body;
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // A request without a body.
}
