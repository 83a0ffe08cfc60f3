import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { endFormerSpan } from '../epochs/endFormerSpan.ts';
import type { Party } from '../party/Party.ts';
import { keepPatientState } from './keepPatientState.ts';
import { withPatientState } from './withPatientState.ts';

/**
 * Keeps the newest state for a patient's new key alone, with its last span ended: whoever had the key before knows no key of a later epoch.
 * Devices turn the keys past that span (`turnFormerKeys`).
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
    const keyring = endFormerSpan(state.keyring);
    await keepPatientState(party, { ...state, keyring, recipients });
  });
}
