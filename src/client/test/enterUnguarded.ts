import { seconds } from '../../protocol/Clock.ts';
import type { Keyring } from '../../protocol/rights/epochs.ts';
import type { Address } from '../../protocol/ids.ts';
import { commitMore } from '../epochs/commitEpochs.ts';
import { confirmSheet } from '../epochs/confirmSheet.ts';
import { preparedIn } from '../epochs/epochIdentity.ts';
import type { Party } from '../party/Party.ts';
import { grantRight } from '../rights/grantRight.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import { readPatientState } from '../state/PatientState.ts';

/** Returns a party as it was before its channels had a release key. */
export function beforeRelease(party: Party): Party {
  const channels = party.network.channels.map(({ release: _release, ...channel }) => channel);
  return { ...party, network: { ...party.network, channels } };
}

/**
 * Has a patient enter an epoch that was prepared without recipients of the patient's own, as all are that were prepared before the
 * channel got a release key.
 *
 * @param patient - The patient.
 * @param grantee - Somebody who gets a right that ends at once.
 */
export async function enterUnguarded(patient: Party, grantee: Address): Promise<void> {
  const party = beforeRelease(patient);
  const { keyring, ...state } = await readPatientState(party);
  const without = { ...keyring, keys: withoutOwn(keyring.keys) };
  const { epoch } = await confirmSheet(party, state.handle);
  const kept = await keepPatientState(party, { ...state, keyring: without });
  await commitMore(party, kept, epoch, preparedIn(keyring) + 1 - epoch);
  const { digest } = await grantRight(party, {
    grantee,
    categories: ['vitals'],
    actions: ['read'],
    purpose: 'TREAT',
    until: seconds(party.clock) + 600,
  });
  await revokeRight(party, digest);
}

function withoutOwn(keys: Keyring['keys']): Keyring['keys'] {
  const spans = Object.entries(keys).map(([end, { own: _own, ...kept }]) => [end, kept] as const);
  return Object.fromEntries(spans);
}
