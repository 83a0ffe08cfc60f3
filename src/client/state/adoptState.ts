import { SPAN } from '../../crypto/keys/earlierIdentity.ts';
import type { PatientFacts } from '../../protocol/evidence/facts.ts';
import { lastEpoch } from '../../protocol/rights/lastEpoch.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { endFormerSpan } from '../epochs/endFormerSpan.ts';
import { preparedIn } from '../epochs/epochIdentity.ts';
import { foreignUntil } from '../epochs/foreignUntil.ts';
import { AHEAD } from '../epochs/planPackets.ts';
import type { Party } from '../party/Party.ts';
import { keepPatientState } from './keepPatientState.ts';
import type { PatientState } from './PatientState.ts';
import { withPatientState } from './withPatientState.ts';

/**
 * Keeps the newest state for a patient's new key alone, with its last span ended: whoever had the key before knows no key of a later epoch.
 * Devices turn the keys past that span, and past epochs that whoever had the key committed to by keys of their own (`turnFormerKeys`).
 *
 * @param party - The patient, with the new key.
 * @throws MedsealError as `withPatientState` and `keepPatientState` do.
 */
export async function adoptState(party: Party): Promise<void> {
  await withPatientState(party, async (state) => {
    const { address, recipient, primitives } = party;
    const own = { [address]: recipientHash(primitives, recipient) };
    // A patient who gave a right to itself has its own recipient pinned, and has just compared it.
    const recipients =
      state.recipients[address] === undefined ? state.recipients : { ...state.recipients, ...own };
    const { patient } = await confirmFacts(party, { handle: state.handle });
    const bounded = patient ? boundedEpochs(state, patient) : state;
    const until = patient ? await foreignUntil(party, bounded.keyring, patient) : 0;
    const { former = 0 } = bounded.keyring;
    const keyring = endFormerSpan({ ...bounded.keyring, former: Math.max(former, until) });
    await keepPatientState(party, { ...bounded, keyring, recipients });
  });
}

/**
 * Limits the epochs that a state states: whoever had the former key can have put any number there, and a device would prepare, and turn
 * past, as many. Keys of epochs that the ledger has no commitment to were published to nobody, but packets go a few epochs ahead.
 */
function boundedEpochs(state: PatientState, patient: PatientFacts): PatientState {
  const { keyring, grants } = state;
  const ahead = Math.min(lastEpoch(patient), patient.epoch + SPAN);
  const most = Math.max(ahead, patient.epoch + 2 * AHEAD);
  return {
    ...state,
    keyring: {
      ...keyring,
      prepared: Math.min(preparedIn(keyring), most),
      former: Math.min(keyring.former ?? 0, most),
    },
    grants: grants.map((each) => ({ ...each, sealedTo: Math.min(each.sealedTo, most) })),
  };
}
