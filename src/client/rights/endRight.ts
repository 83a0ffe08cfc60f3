import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { submitEnd, type Accepted } from '../agent/submit.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import { confirmRule } from './confirmRule.ts';
import { revokeRight, type RightEnded } from './revokeRight.ts';

/** Seconds for which an end may wait for the ledger. */
const TERM = 30 * 86_400;
/** Errors of a ledger that takes nothing now. */
const STANDSTILL = ['LEDGER_STALE', 'LEDGER_STOPPED', 'LEDGER_UNREACHABLE', 'NOT_YET'] as const;

/** A right that has ended on the ledger, or at k organisations until the ledger takes its end. */
export type RightStopped = RightEnded | Accepted<'kept'>;

/**
 * Ends a right, whether the ledger takes anything now or not. If it does, as `revokeRight` does. If it stands still or cannot
 * be reached, the patient signs an end that waits for it: k organisations keep that and refuse what rests on the right from
 * then on, which they sign, and each of them sends it to the ledger once that goes on. Keys turn at the ledger.
 *
 * @param party - The patient.
 * @param digest - Digest of the grant; also of one on the ledger that no device knows.
 * @returns The place on the ledger (`placed`), or that k organisations keep the end (`kept`).
 * @throws MedsealError as `revokeRight` does; `VERDICTS_MISSING` if fewer than k organisations keep it.
 * @example
 * ```ts
 * const ended = await endRight(patient, digest);
 * console.log(ended.outcome === 'kept' ? 'It waits for the ledger.' : `Block ${ended.block}.`);
 * ```
 */
export async function endRight(party: Party, digest: Bytes32): Promise<RightStopped> {
  try {
    return await revokeRight(party, digest);
  } catch (error) {
    if (!STANDSTILL.some((code) => isMedsealError(error, code))) throw error;
    return await endAhead(party, digest);
  }
}

/** Has k organisations keep the end of a right, and confirms with k that they judge by it. */
async function endAhead(party: Party, digest: Bytes32): Promise<RightStopped> {
  const { handle } = await readPatientState(party);
  const { grant } = await confirmFacts(party, { handle, grant: digest });
  if (grant?.handle !== handle) throw new MedsealError('NOT_FOUND', { what: 'grant' });
  const deadline = seconds(party.clock) + TERM;
  const outcome = await submitEnd(party, { handle, grant: digest, deadline });
  await confirmRule(party, { handle, grant: digest }, (after) => after.grant?.state === 'ended');
  return outcome.outcome === 'kept' ? outcome : { ...outcome, pending: [] };
}
