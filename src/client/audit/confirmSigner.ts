import { keyStanding, type KeyStanding } from '../../protocol/rights/keyStanding.ts';
import type { Address } from '../../protocol/ids.ts';
import type { Party } from '../party/Party.ts';
import { confirmFacts } from './confirmFacts.ts';

/** A key that signed in the name of a party. */
export interface SignedIn {
  /** The party. */
  readonly name: Address;
  /** Address of the key. */
  readonly signer: Address;
  /** Block as of which it is judged; the newest if absent. */
  readonly asOf?: number;
}

/**
 * Returns what a key that signed in a party's name is to that party, as k coordinators say.
 *
 * @param party - Party that asks.
 * @param signed - The key, and the party in whose name it signed.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`, `CLOCK_SKEWED`.
 */
export async function confirmSigner(
  party: Party,
  { name, signer, asOf }: SignedIn,
): Promise<KeyStanding> {
  const asked = { signer, ...(asOf !== undefined && { asOf }) };
  return keyStanding(name, (await confirmFacts(party, asked)).signer);
}
