import { Readable } from 'node:stream';
import { Hono } from 'hono';
import { MedsealError } from '../../errors/MedsealError.ts';
import type {
  AgentPort,
  AuditQuery,
  PartyCard,
  PatientKeepsake,
  SignedApplication,
  SignedSuspension,
  Submission,
} from '../../protocol/AgentPort.ts';
import type { FactsQuery } from '../../protocol/facts.ts';
import type { Bytes32, Hex } from '../../protocol/ids.ts';
import { isPending } from '../../protocol/isPending.ts';
import type { Signed } from '../../protocol/requests.ts';
import { readJsonBody } from './readJsonBody.ts';
import { tlogRoutes } from './tlogRoutes.ts';

/**
 * An agent's door over HTTP: paths under `/v1`, JSON in and out, sealed files streamed.
 *
 * @param agent - The agent.
 */
export function agentRoutes(agent: AgentPort): Hono {
  const routes = new Hono();
  routes.get('/v1/network', async (c) => c.json(await agent.network()));
  routes.post('/v1/submissions', async (c) =>
    c.json(await agent.submit((await readJsonBody(c.req.raw)) as readonly Submission[])),
  );
  routes.post('/v1/facts', async (c) =>
    c.json(await agent.facts((await readJsonBody(c.req.raw)) as FactsQuery)),
  );
  routes.post('/v1/suspensions', async (c) =>
    c.json(await agent.suspend((await readJsonBody(c.req.raw)) as SignedSuspension)),
  );
  routes.post('/v1/applications', async (c) =>
    c.json(await agent.apply((await readJsonBody(c.req.raw)) as SignedApplication), 201),
  );
  routes.post('/v1/keepsakes', async (c) => {
    await agent.keep((await readJsonBody(c.req.raw)) as PatientKeepsake);
    return c.body(null, 204);
  });
  routes.get('/v1/parties/:party', async (c) =>
    c.json(await agent.card(hex(c.req.param('party'), 20))),
  );
  routes.put('/v1/parties/:party', async (c) => {
    const card = (await readJsonBody(c.req.raw)) as PartyCard | null;
    if (card?.party !== hex(c.req.param('party'), 20)) {
      throw new MedsealError('REQUEST_MALFORMED', { what: 'path' });
    }
    await agent.keepCard(card);
    return c.body(null, 204);
  });
  routes.get('/v1/sheets/:handle/:epoch', async (c) => {
    const { handle, epoch } = c.req.param();
    return c.json(await agent.sheet({ handle: hex(handle, 32), epoch: whole(epoch) }));
  });
  routes.get('/v1/receipts/:channel/:organisation/:index', async (c) => {
    const { channel, organisation, index } = c.req.param();
    const log = `${channel}/${organisation}`;
    const answer = await agent.receipt({ log, index: whole(index) });
    if (!isPending(answer)) return c.json(answer);
    c.header('retry-after', String(Math.ceil(answer.retryAfter / 1000)));
    c.header('cache-control', 'no-store');
    return c.json(answer, 202);
  });
  routes.get('/v1/checkpoints/:channel/:organisation', async (c) => {
    const { channel, organisation } = c.req.param();
    return c.json(await agent.checkpoint(`${channel}/${organisation}`));
  });
  routes.get('/v1/batches/:channel/:organisation', async (c) => {
    const { channel, organisation } = c.req.param();
    const from = whole(c.req.query('from') ?? '0');
    return c.json(await agent.batches({ log: `${channel}/${organisation}`, from }));
  });
  routes.post('/v1/audits/entries', async (c) =>
    c.json(await agent.audit(auditQuery(await readJsonBody(c.req.raw)))),
  );
  routes.post('/v1/audits/tallies', async (c) =>
    c.json(await agent.tallies(auditQuery(await readJsonBody(c.req.raw)))),
  );
  routes.route('/', tlogRoutes(agent));
  routes.put('/v1/files/:hash', async (c) => {
    const request = announcement(c.req.header('authorization') ?? '');
    const { file } = (request as Partial<Signed<'Upload'>> | null)?.message ?? {};
    if (file !== hex(c.req.param('hash'), 32)) {
      throw new MedsealError('REQUEST_MALFORMED', { what: 'path' });
    }
    await agent.upload(request as Signed<'Upload'>, c.req.raw.body ?? Readable.from([]));
    return c.body(null, 204);
  });
  routes.get('/v1/files/:hash', (c) => {
    const ticket = /^Bearer ([0-9a-f]{32})$/.exec(c.req.header('authorization') ?? '')?.[1];
    if (ticket === undefined) throw new MedsealError('RELEASE_UNKNOWN', {});
    const content = agent.download(ticket, hex(c.req.param('hash'), 32));
    c.header('content-type', 'application/octet-stream');
    c.header('cache-control', 'no-store');
    return c.body(Readable.toWeb(Readable.from(content)) as ReadableStream<Uint8Array>);
  });
  return routes;
}

/** The signed `Upload` of a file, in the header as `Upload` and its JSON in base64url. */
function announcement(header: string): unknown {
  const encoded = /^Upload ([\w-]{1,4096})$/.exec(header)?.[1] ?? '';
  try {
    return JSON.parse(Buffer.from(encoded, 'base64url').toString());
  } catch (cause) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'upload' }, { cause });
  }
}

/** The types of an audit's fields; what they mean is for the agent to check. */
function auditQuery(value: unknown): AuditQuery & { from: number } {
  const { ticket, request, log, size, root, from = 0 } = (value ?? {}) as Record<string, unknown>;
  if (typeof ticket !== 'string' || typeof log !== 'string') {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'audit' });
  }
  const words = { request: hex(String(request), 32), root: hex(String(root), 32) };
  return { ticket, log, ...words, size: whole(String(size)), from: whole(String(from)) };
}

function hex(text: string, length: number): Bytes32 {
  if (!/^0x[0-9a-f]*$/.test(text) || text.length !== 2 + 2 * length) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'path' });
  }
  return text as Hex;
}

function whole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new MedsealError('REQUEST_MALFORMED', { what: 'number' });
  return Number(text);
}
