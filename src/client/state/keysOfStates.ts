import { seconds } from '../../protocol/Clock.ts';
import type { SignedNewest } from '../../protocol/evidence/evidence.ts';
import type { Handle } from '../../protocol/ids.ts';
import type { StateKeys } from '../../protocol/network/votesOnNewest.ts';
import { stateKeys } from '../../protocol/rights/stateKeys.ts';
import { parseSigned } from '../../protocol/struct/parseSigned.ts';
import { signerOf } from '../../protocol/struct/signing.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import { signersOf } from '../party/signersOf.ts';
import { recallState } from './PatientState.ts';
import { exactEndsIn } from './standingMandates.ts';

/**
 * Returns the keys that may have signed states of a patient's devices: the patient's own, and if another one signed, those that
 * act or acted for the patient as k coordinators confirm it.
 *
 * @param party - The patient.
 * @param handle - The patient's chart.
 * @param keeps - Signatures of states, not trusted.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`.
 */
export async function keysOfStates(
  party: Party,
  handle: Handle,
  keeps: readonly unknown[],
): Promise<StateKeys> {
  const signers = signersOf(party);
  const isOwn = (keep: unknown): boolean =>
    keep === undefined ||
    succeeds(() => {
      const { message, signature } = parseSigned(keep, ['Keep']);
      return signers.includes(signerOf(party, 'Keep', message, signature));
    });
  if (keeps.every(isOwn)) return { signers };
  const { patient } = await confirmFacts(party, { handle });
  // A device that has no state yet takes the ledger's ends, and learns the exact ones from the state.
  const here = await recallState(party);
  const exact = exactEndsIn(party, here?.state.mandates ?? []);
  return stateKeys(signers, patient?.mandates, seconds(party.clock), exact);
}

/** The signatures of states in coordinators' answers, not trusted. */
export function keepsIn(answers: unknown): readonly unknown[] {
  const said = Array.isArray(answers) ? (answers as readonly (SignedNewest | null)[]) : [];
  return said.map((each) => each?.keep);
}
