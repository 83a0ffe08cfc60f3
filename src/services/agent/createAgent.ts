import { bytesToHex } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type {
  AgentPort,
  ByteRange,
  PartyCard,
  Submission,
  TileQuery,
} from '../../protocol/AgentPort.ts';
import { EVIDENCE_TYPES } from '../../protocol/struct/evidenceTypes.ts';
import type { EntryProof, Outcome, PendingReceipt } from '../../protocol/evidence/evidence.ts';
import type { ProvenSheet } from '../../protocol/rights/epochs.ts';
import {
  type Address,
  type Bytes32,
  type Handle,
  type Hex,
  type LogName,
} from '../../protocol/ids.ts';
import { isProvenSheet } from '../../protocol/rights/isProvenSheet.ts';
import { keyAfter } from '../../protocol/rights/keyAfter.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { parseSubmission } from '../../protocol/wire/parseSubmission.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { MAX_SUBMISSIONS } from '../../protocol/shapes/askedShapes.ts';
import { KeyedLock } from '../../database/KeyedLock.ts';
import { checkDeposit } from '../deposits/checkDeposit.ts';
import { Erasures } from '../entries/Erasures.ts';
import { admitLetter } from '../letters/admitLetter.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { AgentContext, AgentOptions } from './AgentContext.ts';
import { answerEvidence } from './answerEvidence.ts';
import { createAwaiting } from './awaitEntries.ts';
import { askLedger } from './askLedger.ts';
import { auditOf } from './auditOf.ts';
import { batchesOf } from './batchesOf.ts';
import { carryRules } from './carryRules.ts';
import { placeSuccessor } from './placeSuccessor.ts';
import { collectFacts } from './collectFacts.ts';
import { answerCollect } from './collectLetters.ts';
import { answerFindRights } from './findRights.ts';
import { enrolParty } from './enrolParty.ts';
import { explorerOf } from './explorerOf.ts';
import { enterSummary } from './enterSummary.ts';
import { ledgerDoors } from './ledgerDoors.ts';
import { findDeposit } from './findDeposit.ts';
import { depositEverywhere } from './depositEverywhere.ts';
import { MinuteQuota } from '../MinuteQuota.ts';
import { createLeases } from './Leases.ts';
import { refusal } from './refusal.ts';
import { createRefusals } from './Refusals.ts';
import { dailyBytesOf } from '../../protocol/network/dailyBytesOf.ts';
import { addedSince } from '../coordinator/addedSince.ts';
import { ByteAllowance } from '../coordinator/ByteAllowance.ts';
import { NO_ACCOUNTS } from './PartyAccounts.ts';
import { createReleases } from './Releases.ts';
import { takeUpload } from './takeUpload.ts';
import { releaseViews } from './releaseViews.ts';
import { rotateDueKeys } from './rotateKeys.ts';

/** After how many milliseconds to ask again for a receipt: about as long as a checkpoint takes. */
const RETRY_AFTER = 200;
/** The requests that two quotas count, for an error. */
const VITAL = 'births, deaths and wills';

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
    awaitEntries: createAwaiting(context.clock, options.logs),
    heldSources: new Set(),
    erasures: new Erasures(options.logs.values()),
  };
  const { vault, logs } = agent;
  const releases = createReleases(agent);
  const audits = auditOf(agent, (what, ticket, request) => releases.require(what, ticket, request));
  const batches = new Map([...logs].map(([name, log]) => [name, batchesOf(log, agent.primitives)]));

  return {
    network: async () => await Promise.resolve(agent.network),
    submit: async (submissions) => await counted(submit(submissions)),
    upload: async (request, content) => {
      await takeUpload(agent, request, content).catch(countedAlone);
    },
    async fileSize(ticket, hash) {
      releases.require('file', ticket, hash);
      await agent.contributor.obtain(hash);
      const found = await vault.stat(hash);
      if (found === undefined) throw new MedsealError('FILE_ABSENT', {});
      return found.size;
    },
    download(ticket, hash, range) {
      releases.require('file', ticket, hash);
      return stored(hash, range);
    },
    facts: async (query) => {
      if (query.handle !== undefined) await turnFor(query.handle);
      return await collectFacts(agent, query);
    },
    card,
    keepCard: async (card) => {
      await agent.index.refresh();
      const checked = checkDeposit(agent, { card }).card;
      if (checked !== undefined) await depositEverywhere(agent, { card: checked });
    },
    sheet,
    receipt,
    checkpoint: async (name) => {
      const latest = await held(name).latestCheckpoint();
      if (latest === undefined) throw new MedsealError('NOT_YET', { what: 'checkpoint' });
      return latest.checkpoint;
    },
    tile: async (query) => await tileOf(held(query.log), query),
    ...explorerOf(agent),
    ledger: askLedger(agent.ledger),
    batches: async ({ log, from }) => await required(batches, log)(from),
    audit: async (query) => await audits.entries(query),
    lists: async (query) => await audits.lists(query),
    tallies: async (query) => await audits.tallies(query),
    releases: async (query) => await audits.releases(query),
    release: async (asked) => await releaseViews(agent, asked),
    keep: async (patient) => {
      await agent.index.refresh();
      checkDeposit(agent, { patient });
      agent.accounts.note(patient.request.party);
      return await depositEverywhere(agent, { patient });
    },
    ...ledgerDoors(agent),
    successors: async () => {
      const {
        successors,
        files: [first],
        fork,
      } = agent.succession;
      const { index } = agent;
      const begun = {
        authority: index.officeChange('authority'),
        coordinators: index.officeChange('coordinators'),
      };
      const format = 'medseal-successors/1';
      const optional = { ...(first && { first }), ...(fork && { fork }) };
      return await Promise.resolve({ format, successors, ...optional, begun });
    },
    portal: async () => {
      const { statePortal } = agent;
      if (statePortal === undefined) throw new MedsealError('NOT_FOUND', { what: 'portal' });
      return await Promise.resolve(statePortal());
    },
    succeed: async (successor) => await placeSuccessor(agent, successor),
    send: async (letter) => {
      await agent.index.refresh();
      const { letter: checked } = await admitLetter(agent, agent.deposits, letter);
      // Its reader can send it again.
      agent.accounts.note(checked.request.party, true);
      await depositEverywhere(agent, { letter: checked });
    },
    collect: async (request) => await answerCollect(agent, request),
    findRights: async (request) => await answerFindRights(agent, request),
    apply: async (application) => await enrolParty(agent, application),
    stop: () => refusals.stop(),
  };

  /**
   * Enters a due epoch, as a party that asks for the present one wants to seal to it; if it cannot be entered, the
   * entry is refused.
   */
  async function turnFor(handle: Handle): Promise<void> {
    await agent.index.refresh();
    try {
      await rotateDueKeys(agent, handle, agent.index.moment);
    } catch {
      // Facts are still given.
    }
  }

  /** A sealed file, from a peer if it was not copied yet or is lost. */
  async function* stored(hash: Bytes32, range?: ByteRange): AsyncIterable<Uint8Array> {
    await agent.contributor.obtain(hash);
    try {
      yield* vault.get(hash, range);
    } catch (error) {
      // The bytes given so far are useless; the next try gets a whole file.
      if (isMedsealError(error, 'FILE_MISMATCH'))
        await agent.contributor.mend(hash).catch(() => undefined);
      throw error;
    }
  }

  function held(name: LogName): EvidenceLog {
    return required(logs, name);
  }

  function countedAlone(error: unknown): never {
    refusals.count(toMedsealError(error).code);
    throw error;
  }

  /** Counts what is refused and has no entry: it is in the next summary. */
  async function counted(answer: Promise<readonly Outcome[]>): Promise<readonly Outcome[]> {
    const outcomes = await answer.catch(countedAlone);
    for (const outcome of outcomes) {
      const summed = outcome.outcome === 'refused' && outcome.acknowledgement === undefined;
      if (summed) refusals.count(outcome.problem.code);
    }
    return outcomes;
  }

  async function submit(submissions: readonly Submission[]): Promise<readonly Outcome[]> {
    if (!Array.isArray(submissions)) {
      throw new MedsealError('REQUEST_MALFORMED', { what: 'submissions' });
    }
    if (submissions.length > MAX_SUBMISSIONS) {
      throw new MedsealError('REQUEST_TOO_LARGE', { what: 'array', limit: MAX_SUBMISSIONS });
    }
    const read = submissions.map(readSubmission);
    const answers: Outcome[] = [];
    for (const run of runsOfOneKind(read.filter((each) => 'request' in each))) {
      const answer = isEvidence(run[0])
        ? answerEvidence(agent, releases, run)
        : carryRules(agent, run);
      answers.push(...(await answer.catch((error: unknown) => run.map(() => refusal(error)))));
    }
    return read.map((each) => ('request' in each ? (answers.shift() ?? refusal(undefined)) : each));
  }

  /** One that the Registry no longer has the hash of is not offered, whoever keeps it still. */
  async function card(key: Address): Promise<PartyCard> {
    await agent.index.refresh();
    const party = agent.index.ownerOf(key) ?? key;
    const present = agent.index.party(party)?.recipient;
    return await findDeposit(agent, 'card', async (keeper) => {
      const { recipient, keyChanges } = await keeper.card(party);
      const hash = recipientHash(agent.primitives, recipient);
      if (hash !== present) {
        throw new MedsealError('EVIDENCE_INVALID', { reason: 'the card is of another recipient' });
      }
      const isProven = succeeds(() => {
        return keyAfter(agent, party, keyChanges) === agent.index.signerOf(party);
      });
      return { party, recipient, ...(keyChanges && isProven && { keyChanges }) };
    });
  }

  async function sheet(query: { handle: Handle; epoch: number }): Promise<ProvenSheet> {
    await agent.index.refresh();
    const { handle, epoch } = query;
    const patient = agent.index.patient(handle);
    if (patient === undefined) throw new MedsealError('NOT_FOUND', { what: 'sheet' });
    return await findDeposit(agent, 'sheet', async (keeper) => {
      const found = await keeper.sheet({ handle, epoch, root: patient.root });
      if (isProvenSheet(agent.primitives, patient, epoch, found)) return found;
      throw new MedsealError('EVIDENCE_INVALID', {
        reason: 'the sheet is not of an epoch committed to',
      });
    });
  }

  async function receipt(query: {
    log: LogName;
    index: number;
  }): Promise<EntryProof | PendingReceipt> {
    const { index } = query;
    const log = held(query.log);
    if (!Number.isSafeInteger(index) || index < 0 || index >= log.size) {
      throw new MedsealError('NOT_FOUND', { what: 'entry' });
    }
    const placed = await log.checkpointCovering(index);
    if (placed === undefined) {
      const checkpointed = (await log.latestCheckpoint())?.checkpoint.size ?? 0;
      const { name } = log.identity;
      return { status: 'pending', log: name, index, checkpointed, retryAfter: RETRY_AFTER };
    }
    return {
      checkpoint: placed.checkpoint,
      inclusion: await log.inclusion(index, placed.checkpoint.size),
      ledger: placed.ledger,
    };
  }
}

function required<Value>(byLog: ReadonlyMap<LogName, Value>, name: LogName): Value {
  const value = byLog.get(name);
  if (value === undefined) throw new MedsealError('NOT_FOUND', { what: 'log' });
  return value;
}

async function tileOf(log: EvidenceLog, { level, index, width }: TileQuery): Promise<Hex> {
  const bytes = level === 'entries' ? log.entryBundle(index, width) : log.tile(level, index, width);
  return bytesToHex(await bytes);
}

/** A submission, or the refusal of a malformed one. */
function readSubmission(value: unknown): Submission | Outcome {
  try {
    return parseSubmission(value);
  } catch (error) {
    return refusal(error);
  }
}

function isEvidence(submission: Submission | undefined): boolean {
  const type: unknown = submission?.request?.type;
  return (EVIDENCE_TYPES as readonly unknown[]).includes(type);
}

/** Neighbours of one kind go together; the order of the kinds stays. */
function runsOfOneKind(submissions: readonly Submission[]): Submission[][] {
  const runs: Submission[][] = [];
  for (const submission of submissions) {
    const last = runs.at(-1);
    if (last !== undefined && kindOf(last[0]) === kindOf(submission)) last.push(submission);
    else runs.push([submission]);
  }
  return runs;
}

function kindOf(submission: Submission | undefined): unknown {
  return isEvidence(submission) ? 'evidence' : submission?.request?.type;
}
