import { Hono, type Context } from 'hono';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { findMisfit } from '../../protocol/findMisfit.ts';
import { answerProblem } from './answerProblem.ts';
import { createDoor, type Door } from './limits/createDoor.ts';
import { visiting, type Visit } from './limits/Visit.ts';
import type { AnyOperation, Asked } from './Operation.ts';
import { operations } from './operations/operations.ts';
import { readParameters } from './parameters.ts';
import { sendReply } from './sendReply.ts';

/**
 * An agent's door over HTTP: every operation of the table at its path, and nothing else.
 *
 * @param agent - The agent.
 * @param door - Holds callers to their limits.
 */
export function agentRoutes(agent: AgentPort, door: Door = createDoor()): Hono {
  const routes = new Hono();
  for (const operation of operations) {
    routes.on(
      operation.method,
      routeOf(operation),
      async (c) =>
        await visiting(c, async (visit) => {
          await door.enter(visit, operation.authorization === undefined ? 'request' : 'file');
          const asked = await askedOf(operation, c, visit, door);
          return await sendReply(c, await operation.answer(agent, asked));
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

async function askedOf(
  operation: AnyOperation,
  { req }: Context,
  visit: Visit,
  door: Door,
): Promise<Asked<never>> {
  const { parameters, path } = operation;
  const read = readParameters(parameters, (name, place) =>
    place === 'path' ? req.param(name) : req.query(name),
  );
  const base = path === '/' ? req.path : req.path.slice(0, req.path.indexOf('/v1/'));
  return {
    parameters: read as never,
    body: await bodyOf(operation, req.raw, async () => await door.readJson(visit, req.raw)),
    base,
    header: (name) => req.header(name) ?? '',
    content: door.readFile(req.raw),
    headOnly: req.method === 'HEAD',
  };
}

async function bodyOf(
  { takes, checkedInside }: AnyOperation,
  { headers }: Request,
  readJson: () => Promise<unknown>,
): Promise<unknown> {
  if (takes === undefined || takes === 'bytes') return undefined;
  if (!(headers.get('content-type') ?? '').startsWith('application/json')) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'content type' });
  }
  const body = await readJson();
  const misfit = checkedInside === true ? undefined : findMisfit(takes, body, 'body');
  if (misfit !== undefined) throw new MedsealError('REQUEST_MALFORMED', { what: misfit });
  return body;
}
