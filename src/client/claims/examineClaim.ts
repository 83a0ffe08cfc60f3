import type { Claim, Invoice } from '@medplum/fhirtypes';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { requireSoundClaim } from '../../fhir/claims/requireSoundClaim.ts';
import { acknowledgementCheck } from '../../protocol/acknowledgementCheck.ts';
import type { Acknowledgement } from '../../protocol/evidence.ts';
import type { LogName } from '../../protocol/ids.ts';
import { succeeds } from '../../protocol/succeeds.ts';
import { examineLog } from '../audit/examineLog.ts';
import { fetchReceipt } from '../audit/fetchReceipt.ts';
import type { Party } from '../party/Party.ts';
import type { ClaimEvidence } from './ClaimTold.ts';
import { saltOf } from './readClaims.ts';

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

const MOST_REASON = 96;

/**
 * Examines what a claim rests on: papers, acknowledgements, and every hash and signature of the logs that have its entries.
 *
 * @param party - The verifier.
 * @param evidence - Not trusted; the digest of its claim was compared.
 * @throws MedsealError `PEER_UNREACHABLE`, `PEER_MALFORMED`: what cannot be reached convicts nobody.
 */
export async function examineClaim(party: Party, evidence: ClaimEvidence): Promise<ClaimExamined> {
  const { message, entries } = evidence;
  const first = entries.find(({ entry }) => entry === message.terms.entry) ?? entries[0];
  const log = first?.log ?? party.log;
  const altered = paperFault(party, evidence);
  if (altered !== undefined) return notSafe(log, first?.index ?? 0, altered);
  const check = acknowledgementCheck(party, party.network, { strict: true });
  const known = new Map(entries.map((each) => [each.entry, each]));
  for (const entry of [message.terms.entry, ...message.terms.records]) {
    const given = known.get(entry);
    if (given === undefined) return notSafe(log, first?.index ?? 0, 'an entry was not shown');
    const isSound = succeeds(() => {
      const { flag, request } = check.request(given);
      const { handle } = request.message as { readonly handle?: string };
      return flag === 'A' && request.type === 'Write' && handle === message.terms.handle;
    });
    if (!isSound) return notSafe(given.log, given.index, 'its acknowledgement is not valid');
  }
  let last = 0;
  for (const [name, of] of Map.groupBy(entries, (each) => each.log)) {
    const lost = await lostEntry(party, of);
    if (lost !== undefined) return notSafe(name, lost.index, 'the log does not have the entry');
    const { entries: size, faults } = await examineLog(party, party.agent, name);
    const [fault] = faults;
    if (fault !== undefined) return notSafe(name, Math.max(0, size - 1), fault);
    if (name === log) last = Math.max(0, size - 1);
  }
  return { safe: true, log, block: last, reason: 'every hash and signature is right' };
}

function notSafe(log: LogName, block: number, reason: string): ClaimExamined {
  return { safe: false, log, block, reason: reason.slice(0, MOST_REASON) };
}

function paperFault(
  party: Party,
  { message, claim, bill, entries }: ClaimEvidence,
): string | undefined {
  const salt = saltOf(entries, message);
  const invoice = bill as Invoice;
  const currency = String(invoice.totalGross?.currency);
  const papers = { claim: claim as Claim, bill: invoice, currency };
  try {
    const { primitives, network } = party;
    requireSoundClaim(primitives, network.networkId, message, { ...papers, ...(salt && { salt }) });
    return undefined;
  } catch (error) {
    if (!isMedsealError(error)) return 'the papers of the claim are not FHIR';
    return error.message;
  }
}

/** The first entry that its log does not have as it was promised. */
async function lostEntry(
  party: Party,
  entries: readonly Acknowledgement[],
): Promise<Acknowledgement | undefined> {
  for (const each of entries) {
    try {
      await fetchReceipt(party, each);
    } catch (error) {
      const isFault = (['PROMISE_OVERDUE', 'EVIDENCE_INVALID', 'NOT_FOUND'] as const).some((code) =>
        isMedsealError(error, code),
      );
      if (isFault) return each;
      throw error;
    }
  }
  return undefined;
}
