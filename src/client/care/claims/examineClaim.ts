import type { Claim, Invoice } from '@medplum/fhirtypes';
import { bytesToHex } from '../../../crypto/bytes.ts';
import { isMedsealError } from '../../../errors/isMedsealError.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import { requireSoundClaim } from '../../../fhir/claims/requireSoundClaim.ts';
import { acknowledgementCheck } from '../../../protocol/evidence/acknowledgementCheck.ts';
import type { Acknowledgement } from '../../../protocol/evidence/evidence.ts';
import type { LogName, Organisation } from '../../../protocol/ids.ts';
import { logOf } from '../../../protocol/network/networkLookups.ts';
import type { AgentPort } from '../../../protocol/AgentPort.ts';
import { succeeds } from '../../../protocol/wire/succeeds.ts';
import { examineLog, type ExaminedLog } from '../../audit/examineLog.ts';
import { fetchReceipt } from '../../audit/fetchReceipt.ts';
import { readEntries } from '../../audit/readEntries.ts';
import type { Party } from '../../party/Party.ts';
import type { ClaimEvidence } from '../../letters/ClaimTold.ts';
import { firstWrite } from './readClaims.ts';

/** Verdict on a claim's evidence. */
export interface ClaimExamined {
  readonly safe: boolean;
  /** The log that it is about: the first one with a fault, or that of the treatment. */
  readonly log: LogName;
  /** Place of the entry at which that log is not what it should be; of its last one if all is safe. */
  readonly block: number;
  /** Reason, in words. */
  readonly reason: string;
}

/** Node of an organisation; undefined if its address is unknown. */
export type AgentOf = (organisation: Organisation) => AgentPort | undefined;

const MOST_REASON = 96;

/**
 * Examines what a claim rests on: papers, acknowledgements, and every hash and signature of the logs that have its entries.
 * One side brings the evidence, so what it did not show, or altered, convicts nobody; nor does the place that it tells.
 *
 * @param party - The verifier.
 * @param evidence - Not trusted; the digest of its claim was compared.
 * @param agentOf - Node of an organisation: a log of which the verifier's own node has no copy, or one without an entry, is
 * read at its organisation too.
 * @throws MedsealError `EVIDENCE_INVALID` if it does not show every entry of the claim as coordinators acknowledged it;
 * `PEER_UNREACHABLE`, `PEER_MALFORMED`: what cannot be reached convicts nobody.
 */
export async function examineClaim(
  party: Party,
  evidence: ClaimEvidence,
  agentOf?: AgentOf,
): Promise<ClaimExamined> {
  const shown = entriesShown(party, evidence);
  const [first] = shown;
  if (first === undefined) throw invalid('the claim names no entry');
  for (const { acknowledgement, isOfPatient } of shown) {
    const { log, index } = acknowledgement;
    if (!isOfPatient) return notSafe(log, index, 'an entry is not an accepted one of the patient');
  }
  const entries = shown.map(({ acknowledgement }) => acknowledgement);
  const { log, index } = first.acknowledgement;
  const altered = paperFault(party, { ...evidence, entries });
  if (altered !== undefined) return notSafe(log, index, altered);
  let last = 0;
  for (const [name, of] of Map.groupBy(entries, (each) => each.log)) {
    const { examined, lost } = await examineWhereWhole(party, name, of, agentOf);
    const [fault] = examined.faults;
    if (fault !== undefined) return notSafe(name, Math.max(0, examined.entries - 1), fault);
    if (lost !== undefined) return notSafe(name, lost.index, 'the log does not have the entry');
    if (name === log) last = Math.max(0, examined.entries - 1);
  }
  return { safe: true, log, block: last, reason: 'every hash and signature is right' };
}

/** A log as a node has it, and the first of some entries that it lacks. */
interface Looked {
  readonly examined: ExaminedLog;
  readonly lost?: Acknowledgement | undefined;
}

/** Examines a log at the party's own node, and if that has no copy or lacks an entry, at the log's organisation. */
async function examineWhereWhole(
  party: Party,
  log: LogName,
  entries: readonly Acknowledgement[],
  agentOf: AgentOf = () => undefined,
): Promise<Looked> {
  const own = await lookAt(party, log, entries).catch((error: unknown) => {
    if (isMedsealError(error, 'NOT_FOUND')) return error;
    throw error;
  });
  if (!isMedsealError(own) && own.lost === undefined) return own;
  const agent = agentOf(logOf(party.network, log).log.organisation);
  const there = agent && (await lookAt({ ...party, agent }, log, entries).catch(unlessAway));
  if (there !== undefined) return there;
  if (isMedsealError(own)) throw own;
  return own;
}

async function lookAt(
  party: Party,
  log: LogName,
  entries: readonly Acknowledgement[],
): Promise<Looked> {
  const examined = await examineLog(party, party.agent, log);
  if (examined.faults.length > 0) return { examined };
  return { examined, lost: await lostEntry(party, log, entries) };
}

/** A node that cannot be reached, or has no such log, adds nothing to what the party's node has. */
function unlessAway(error: unknown): undefined {
  if (AWAY.some((code) => isMedsealError(error, code))) return undefined;
  throw error;
}

const AWAY = ['NOT_FOUND', 'PEER_UNREACHABLE', 'PEER_MALFORMED'] as const;

/** The acknowledgements of the entries that the claim names, each verified, and no others. */
function entriesShown(
  party: Party,
  { message: { terms }, entries }: ClaimEvidence,
): readonly { readonly acknowledgement: Acknowledgement; readonly isOfPatient: boolean }[] {
  const check = acknowledgementCheck(party, party.network, { strict: true });
  return [...new Set([terms.entry, ...terms.records])].map((entry) => {
    const acknowledgement = entries.find((each) => {
      return each?.entry === entry && succeeds(() => check.request(each) !== undefined);
    });
    if (acknowledgement === undefined) {
      throw invalid('it does not show every entry of the claim');
    }
    const { flag, request } = check.request(acknowledgement);
    const { handle } = request.message as { readonly handle?: string };
    const isOfPatient = flag === 'A' && request.type === 'Write' && handle === terms.handle;
    return { acknowledgement, isOfPatient };
  });
}

function notSafe(log: LogName, block: number, reason: string): ClaimExamined {
  return { safe: false, log, block, reason: reason.slice(0, MOST_REASON) };
}

function paperFault(
  party: Party,
  { message, claim, bill, entries }: ClaimEvidence,
): string | undefined {
  const first = firstWrite(entries, message);
  const invoice = bill as Invoice;
  const currency = String(invoice.totalGross?.currency);
  const papers = { claim: claim as Claim, bill: invoice, currency };
  try {
    const { primitives, network } = party;
    requireSoundClaim(primitives, network.networkId, message, {
      ...papers,
      ...(first && { first }),
    });
    return undefined;
  } catch (error) {
    if (!isMedsealError(error)) return 'the papers of the claim are not FHIR';
    return error.message;
  }
}

/** The first entry that its log does not have, though it was promised. */
async function lostEntry(
  party: Party,
  log: LogName,
  entries: readonly Acknowledgement[],
): Promise<Acknowledgement | undefined> {
  const suspected: Acknowledgement[] = [];
  for (const each of entries) {
    try {
      await fetchReceipt(party, each);
    } catch (error) {
      const isFault = (['PROMISE_OVERDUE', 'EVIDENCE_INVALID', 'NOT_FOUND'] as const).some((code) =>
        isMedsealError(error, code),
      );
      if (!isFault) throw error;
      suspected.push(each);
    }
  }
  if (suspected.length === 0) return undefined;
  // Its place is the disputing side's word: the entry may stand at another one.
  const { size } = await party.agent.checkpoint(log);
  const there = new Set<string>();
  for await (const { entry } of readEntries(party.primitives, party.agent, log, size)) {
    there.add(bytesToHex(entry));
  }
  return suspected.find(({ entry }) => !there.has(entry));
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
