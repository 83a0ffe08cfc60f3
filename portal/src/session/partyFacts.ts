import type { PartyFacts } from '../../../src/protocol/evidence/facts.ts';
import type { Address } from '../../../src/protocol/ids.ts';
import { atSessionEnd } from './atSessionEnd.ts';
import { confirmTogether } from './confirmTogether.ts';
import type { Session } from './Session.ts';

const known = new WeakMap<Session['party'], Map<Address, Promise<PartyFacts | undefined>>>();

/**
 * Returns role and organisation of somebody as the quorum confirms them, asked once in a session. A person's role is shown by
 * it, and nothing is decided by it.
 *
 * @param party - The party that asks.
 * @param of - Somebody else.
 * @returns Undefined if the organisations know nobody of this address.
 * @throws MedsealError what `confirmFacts` throws; it is asked again then.
 */
export async function partyFacts(
  party: Session['party'],
  of: Address,
): Promise<PartyFacts | undefined> {
  const all = known.get(party) ?? new Map<Address, Promise<PartyFacts | undefined>>();
  known.set(party, all);
  atSessionEnd(party, forgetFacts);
  const before = all.get(of);
  if (before !== undefined) return await before;
  const asked = confirmTogether(party, of);
  all.set(of, asked);
  asked.catch(() => all.delete(of));
  return await asked;
}

function forgetFacts(party: Session['party']): void {
  known.delete(party);
}
