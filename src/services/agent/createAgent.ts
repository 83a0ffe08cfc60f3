import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { type Handle } from '../../protocol/ids.ts';
import { KeyedLock } from '../../database/KeyedLock.ts';
import { Erasures } from '../entries/Erasures.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { AgentContext, AgentOptions } from './AgentContext.ts';
import { answerSubmissions } from './answerSubmissions.ts';
import { fileDoors } from './fileDoors.ts';
import { logDoors } from './logDoors.ts';
import { partyDoors } from './partyDoors.ts';
import { createAwaiting, type Hasten } from './awaitEntries.ts';
import { askLedger } from './askLedger.ts';
import { auditOf } from './auditOf.ts';
import { placeSuccessor } from './placeSuccessor.ts';
import { collectFacts } from './collectFacts.ts';
import { answerCollect } from './collectLetters.ts';
import { answerNotify } from './answerNotify.ts';
import { answerFindRights } from './findRights.ts';
import { enrolParty } from './enrolParty.ts';
import { explorerOf } from './explorerOf.ts';
import { enterSummary } from './enterSummary.ts';
import { ledgerDoors } from './ledgerDoors.ts';
import { recoveryDoors } from './recoveryDoors.ts';
import type { SuccessorsFile } from '../../protocol/network/Successor.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { MinuteQuota } from '../MinuteQuota.ts';
import { createLeases } from './Leases.ts';
import { createRefusals } from './Refusals.ts';
import { dailyBytesOf } from '../../protocol/network/dailyBytesOf.ts';
import { addedSince } from '../coordinator/addedSince.ts';
import { ByteAllowance } from '../coordinator/ByteAllowance.ts';
import { NO_ACCOUNTS } from './PartyAccounts.ts';
import { createReleases } from './Releases.ts';
import { releaseViews } from './releaseViews.ts';
import { rotateDueKeys } from './rotateKeys.ts';

/** Requests about news of one party per minute. */
const NOTIFIES = 20;
/** The requests that two quotas count, for an error. */
const VITAL = 'births, deaths, wills and mandates';

/** An agent with what its own organisation asks of it. */
export interface Agent extends AgentPort {
  /** Begins nothing new by itself. */
  stop(): void;
}

/**
 * Makes an organisation's agent (P1's authoritative node): it authenticates the party, checks the right, has
 * coordinators judge and the administrator order, and answers.
 *
 * @param context - The organisation's context.
 * @param options - Stores and peers.
 */
export function createAgent(context: ServiceContext, options: AgentOptions): Agent {
  const refusals = createRefusals(context, {
    perMinute: options.quotas.refusals,
    enter: async (counts) => await enterSummary(agent, counts),
    onFailure: options.onFailure,
  });
  const hasten: Hasten = (name, index) => {
    const { log } = logOf(context.network, name);
    // Asking for the checkpoint over an entry has it made.
    const asking = options.contributors.get(log.organisation)?.nextCheckpoint({
      log: name,
      size: index,
    });
    asking?.catch(() => undefined);
  };
  const agent: AgentContext = {
    ...context,
    ...options,
    accounts: options.accounts ?? NO_ACCOUNTS,
    turning: new KeyedLock(),
    changing: new KeyedLock(),
    refusals,
    leases: createLeases(context, options.quotas),
    bytes: new ByteAllowance(
      () => dailyBytesOf(context.network),
      (since) => addedSince(context, options.logs, since),
    ),
    vitalRecords: new MinuteQuota(context.clock, VITAL, options.quotas.vitalRecords),
    // A party that errs may ask as often again.
    vitalTries: new MinuteQuota(context.clock, VITAL, 2 * options.quotas.vitalRecords),
    releases: new MinuteQuota(context.clock, 'released views', options.quotas.releases),
    notifies: new MinuteQuota(context.clock, 'requests about news', NOTIFIES),
    awaitEntries: createAwaiting(context.clock, options.logs, hasten),
    heldSources: new Set(),
    erasures: new Erasures(options.logs.values()),
  };
  const releases = createReleases(agent);
  const audits = auditOf(agent, (what, ticket, request) => releases.require(what, ticket, request));

  return {
    network: async () => await Promise.resolve(agent.network),
    submit: async (submissions) => await answerSubmissions(agent, releases, submissions),
    ...fileDoors(agent, releases),
    facts: async (query) => {
      if (query.handle !== undefined) await turnFor(agent, query.handle);
      return await collectFacts(agent, query);
    },
    ...partyDoors(agent),
    ...logDoors(agent),
    ...explorerOf(agent),
    ledger: askLedger(agent.ledger),
    audit: async (query) => await audits.entries(query),
    lists: async (query) => await audits.lists(query),
    tallies: async (query) => await audits.tallies(query),
    releases: async (query) => await audits.releases(query),
    erased: async (query) => await audits.erased(query),
    release: async (asked) => await releaseViews(agent, asked),
    ...ledgerDoors(agent),
    ...recoveryDoors(agent),
    successors: async () => await Promise.resolve(successorsOf(agent)),
    portal: async () => {
      const { statePortal } = agent;
      if (statePortal === undefined) throw new MedsealError('NOT_FOUND', { what: 'portal' });
      return await Promise.resolve(statePortal());
    },
    succeed: async (successor) => await placeSuccessor(agent, successor),
    collect: async (request) => await answerCollect(agent, request),
    findRights: async (request) => await answerFindRights(agent, request),
    notify: async (asked) => await answerNotify(agent, asked),
    apply: async (application) => await enrolParty(agent, application),
    stop: () => refusals.stop(),
  };
}

/**
 * Enters a due epoch, as a party that asks for the present one wants to seal to it; if it cannot be entered, the
 * entry is refused.
 */
async function turnFor(agent: AgentContext, handle: Handle): Promise<void> {
  await agent.index.refresh();
  try {
    await rotateDueKeys(agent, handle, agent.index.moment);
  } catch {
    // Facts are still given.
  }
}

/** The network file's successors, and the changes of offices that the ledger has begun. */
function successorsOf({ index, succession }: AgentContext): SuccessorsFile {
  const {
    successors,
    files: [first],
    fork,
  } = succession;
  const begun = {
    authority: index.officeChange('authority'),
    coordinators: index.officeChange('coordinators'),
  };
  const format = 'medseal-successors/1';
  return { format, successors, ...(first && { first }), ...(fork && { fork }), begun };
}
