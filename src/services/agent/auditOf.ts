import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type {
  AuditQuery,
  ErasedAsked,
  ListsAsked,
  ReleasesAsked,
} from '../../protocol/AgentPort.ts';
import type {
  Acknowledgement,
  AuditedEntry,
  Body,
  SignedErased,
  SignedTally,
} from '../../protocol/evidence/evidence.ts';
import { agreedTally } from '../../protocol/evidence/agreedTally.ts';
import type { Bytes32, LogName, Organisation } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { ReleasesTold } from '../../protocol/release/ReleasesTold.ts';
import type { Signed, View } from '../../protocol/struct/requests.ts';
import type { ListedPair } from '../../protocol/evidence/viewSet.ts';
import { mandatesOn, standsAt } from '../../protocol/rights/judgeMandate.ts';
import { tallyNonce } from '../../protocol/evidence/tallyNonce.ts';
import type { LedgerIndex } from '../LedgerIndex.ts';
import { placesFor } from '../entries/placesFor.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { AgentContext } from './AgentContext.ts';
import { acknowledgementAt } from './chart.ts';
import { listsOf } from './listsOf.ts';

/** Number of entries in one page. */
const PAGE = 256;

/** Answers of an agent to an acknowledged audit, chain or chart. */
export interface AuditAnswers {
  /** A page of the entries of a log that concern the patient, or that the party signed. */
  entries(query: AuditQuery & { readonly from: number }): Promise<readonly AuditedEntry[]>;
  /** The record versions that sets of views among them name. */
  lists(query: ListsAsked): Promise<readonly (readonly ListedPair[])[]>;
  /** Notes of a coordinator that it released shares for views of a chart that is audited. */
  releases(query: ReleasesAsked): Promise<ReleasesTold>;
  /** Statement of a coordinator that its organisation has destroyed what an entry erases. */
  erased(query: ErasedAsked): Promise<SignedErased>;
  /** Counts that the coordinators within reach sign for that log, also for a chart. */
  tallies(query: AuditQuery): Promise<readonly SignedTally[]>;
}

/**
 * Answers questions about an audit, a chain or a chart that stands in the log.
 *
 * @param agent - The agent's context.
 * @param requireReleased - Place of the entry; throws if a ticket does not release the one of this kind and digest.
 */
export function auditOf(
  agent: AgentContext,
  requireReleased: (what: 'audit' | 'chart', ticket: string, request: Bytes32) => number,
): AuditAnswers {
  return { entries, lists, tallies, releases, erased };

  async function entries(
    query: AuditQuery & { readonly from: number },
  ): Promise<readonly AuditedEntry[]> {
    const { body } = await released('audit', query);
    const { request } = JSON.parse(body) as Body;
    const log = held(query.log);
    const listed = await placesFor(log, request as Signed<'View'>, query.size);
    const places = listed.filter((index) => index >= query.from).slice(0, PAGE);
    const proofs = await log.inclusions(places, query.size);
    return await Promise.all(
      places.map(async (index, nth) => await entryAt(log, index, proofs[nth] ?? [])),
    );
  }

  async function lists({
    log: name,
    places,
    ...query
  }: ListsAsked): Promise<readonly (readonly ListedPair[])[]> {
    const { body } = await released('audit', query);
    const { request } = JSON.parse(body) as Body;
    const log = held(name);
    if (places.some((place) => place >= log.size)) {
      throw new MedsealError('NOT_FOUND', { what: 'entry' });
    }
    const read = await log.readAt(places);
    const sets = read.flatMap((entry) =>
      entry !== undefined && isListed(request, entry.body) ? [entry] : [],
    );
    const found = await listsOf(agent, name, sets, isChain(request));
    return read.map((entry) => (entry && found.get(entry.entry)) ?? []);
  }

  async function tallies(query: AuditQuery): Promise<readonly SignedTally[]> {
    const { log, size, root, opening, will, part } = query;
    const support = { ...(opening && { opening }), ...(will && { will }), ...(part && { part }) };
    const audit = await released('audit', query).catch(async (error: unknown) => {
      if (!isMedsealError(error, 'RELEASE_UNKNOWN')) throw error;
      return await released('chart', query);
    });
    const { channel, log: identity } = logOf(agent.network, log);
    const { handle } = (JSON.parse(audit.body) as Body).request.message;
    const nonce = tallyNonce(agent.primitives, query.request, root, part);
    const asked = { nonce, log: identity.id, handle, size };
    const answers = await askQuorum(agent, agent.coordinators, {
      ask: async (coordinator) => await coordinator.tally({ audit, log, size, root, ...support }),
      least: channel.thresholds.writes,
      // The client asks again while a copy is behind: that waits for no silent peer.
      isDecided: (given, _left, hopeful) => {
        const { agreed, alike } = agreedTally(agent, channel, asked, fulfilled(given));
        if (agreed !== undefined) return true;
        return given.some(isBehind) && alike + hopeful < channel.thresholds.writes;
      },
    });
    return fulfilled(answers);
  }

  async function releases({
    organisation,
    since,
    from,
    ...query
  }: ReleasesAsked): Promise<ReleasesTold> {
    const audit = await released('audit', query);
    return await coordinatorOf(organisation).releases({ audit, since, from });
  }

  async function erased({
    organisation,
    log,
    index,
    ...query
  }: ErasedAsked): Promise<SignedErased> {
    const audit = await released('audit', query);
    held(log);
    return await coordinatorOf(organisation).erased({ audit, log, index });
  }

  function coordinatorOf(organisation: Organisation): AgentContext['coordinators'][number] {
    const { channel } = logOf(agent.network, agent.log.identity.name);
    // The ports stand in the order of the channel's coordinators.
    const place = channel.coordinators.findIndex((each) => each.organisation === organisation);
    const coordinator = agent.coordinators[place];
    if (coordinator === undefined) throw new MedsealError('NOT_FOUND', { what: 'coordinator' });
    return coordinator;
  }

  async function released(
    what: 'audit' | 'chart',
    { ticket, request }: Pick<AuditQuery, 'ticket' | 'request'>,
  ): Promise<Acknowledgement> {
    const audit = await acknowledgementAt(agent.log, requireReleased(what, ticket, request));
    requireStanding(agent.index, (JSON.parse(audit.body) as Body).request);
    return audit;
  }

  function held(name: LogName): EvidenceLog {
    const log = agent.logs.get(name);
    if (log === undefined) throw new MedsealError('NOT_FOUND', { what: 'log' });
    return log;
  }
}

/** A ticket lives for some minutes, and the mandate by which it was got may end meanwhile. */
function requireStanding(index: LedgerIndex, { message }: Body['request']): void {
  if (!('grant' in message)) return;
  const mandates = mandatesOn(index, message.handle);
  const known = mandates.find(({ mandate }) => mandate === message.grant);
  if (known === undefined) return;
  const exact = (mandate: Bytes32): number | undefined => index.exactEnd(mandate);
  if (!standsAt(mandates, known, index.moment, exact)) throw new MedsealError('RIGHT_ENDED', {});
}

/** Tells whether an audit or a chain lists the entry with a body. */
function isListed(asked: Body['request'], body: string): boolean {
  const { request } = JSON.parse(body) as Body;
  if (isChain(asked)) return request.party === asked.party;
  return request.message.handle === asked.message.handle;
}

/** Tells whether an acknowledged request is for the chain of its party. */
function isChain({ message }: Body['request']): boolean {
  return (message as View).what === 'chain';
}

async function entryAt(
  log: EvidenceLog,
  index: number,
  inclusion: readonly Bytes32[],
): Promise<AuditedEntry> {
  const range = { from: index, to: index + 1 };
  const [[stored], body] = await Promise.all([
    log.stored(range),
    log.read(range).then(([acknowledgement]) => acknowledgement?.body, unlessErased),
  ]);
  if (stored === undefined) throw new MedsealError('NOT_FOUND', { what: 'entry' });
  const { entry, verdicts } = stored;
  return { index, entry, verdicts, inclusion, ...(body !== undefined && { body }) };
}

function isBehind(answer: PromiseSettledResult<unknown>): boolean {
  return answer.status === 'rejected' && isMedsealError(answer.reason, 'NOT_YET');
}

function unlessErased(error: unknown): undefined {
  if (!isMedsealError(error, 'NOT_FOUND')) throw error;
}
