import type { KnownRight } from '../party/knownRights.ts';
import type { Party } from '../party/Party.ts';
import { lookForRights } from './lookForRights.ts';

/**
 * Brings the party's rights to a device: a new one, or one whose letters another device took. The seed is enough: nodes
 * keep the opening of each standing grant, and tell it to its grantee alone. The device takes none of them before k
 * coordinators confirm that the ledger has it.
 *
 * @param party - The grantee, opened from the phrase on a device that may be empty.
 * @returns Rights that the device did not know.
 * @throws MedsealError `KEY_UNAUTHENTIC`.
 * @example
 * ```ts
 * const at = { network, agent, log: 'care/hospital', device };
 * const doctor = await openParty({ ...webPorts, ...at, seed: phraseToSeed(phrase) });
 * const found = await restoreRights(doctor);
 * console.log(`${found.length} rights are back`);
 * ```
 */
export async function restoreRights(party: Party): Promise<readonly KnownRight[]> {
  return (await lookForRights(party)).added;
}
