import { issueUnits } from '../../src/client/care/units/issueUnits.ts';
import { readIssuer } from '../../src/client/care/units/readUnits.ts';
import { readKeystore } from '../../src/device/keystore.ts';
import type { MemberKey } from '../../src/node/founding/readAuthorityKeys.ts';
import type { DemoNetwork } from './DemoNetwork.ts';
import { openDemoParty } from './demoParties.ts';

/** Hundredths that each insurer of a demonstration has at its start: less than the bill that `medseal scenario --care` claims. */
const AMOUNT = 100_000;

/**
 * Issues units to the insurers of a demonstration, so that they can pay claims: each organisation to its own, once. An
 * organisation that has issued units before issues none here.
 *
 * @param network - A demonstration network whose parties are enrolled.
 * @param keystore - Folder of the parties' devices.
 * @param seats - Keys of the authority's members.
 * @throws MedsealError what `readIssuer` and `issueUnits` throw.
 */
export async function giveDemoUnits(
  network: DemoNetwork,
  keystore: string,
  seats: readonly MemberKey[],
): Promise<void> {
  if (network.file.contracts.claims === undefined) return;
  for (const key of await readKeystore(keystore, network.file)) {
    const { role, organisation } = key;
    const seat = seats.find((each) => each.organisation === organisation);
    if (role !== 'insurer' || seat === undefined) continue;
    const party = await openDemoParty(network, keystore, key);
    const { number } = await readIssuer(party, seat.organisation);
    if (number > 0) continue;
    const units = { organisation: seat.organisation, account: party.address, amount: AMOUNT };
    await issueUnits(party, seat, units);
  }
}
