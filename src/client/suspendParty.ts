import { MedsealError } from '../errors/MedsealError.ts';
import { seconds } from '../protocol/Clock.ts';
import type { Address, Bytes32 } from '../protocol/ids.ts';
import { sign } from '../protocol/signing.ts';
import { confirmFacts } from './confirmFacts.ts';
import { confirmRule } from './confirmRule.ts';
import type { Party } from './Party.ts';

/** A member of the authority, as it signs. */
export interface AuthorityKey {
  readonly address: Address;
  /** 32 bytes. */
  readonly signingKey: Uint8Array;
}

/**
 * Suspends a party, or lifts its suspension, in the name of the authority. From then on nothing that the party asks
 * for is done; the keys of every chart that it could read turn before anything else is added there.
 *
 * @param at - Anyone who can reach an agent.
 * @param members - Of the authority, of as many organisations as its threshold.
 * @param change - Whom; and whether it is suspended from now on.
 * @throws MedsealError `PARTY_UNKNOWN`, `SIGNATURE_INVALID`, `RULE_REFUSED`, `RULE_UNCONFIRMED`.
 */
export async function suspendParty(
  at: Party,
  members: readonly AuthorityKey[],
  change: { readonly party: Address; readonly suspended: boolean },
): Promise<{ readonly transaction: Bytes32; readonly block: number }> {
  const { party, suspended } = change;
  const { party: facts } = await confirmFacts(at, { party });
  if (facts === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  const message = {
    party,
    suspended,
    change: facts.standing + 1,
    deadline: seconds(at.clock) + 300,
  };
  const signatures = members.map((member) => sign(at, member, 'Suspension', message).signature);
  const placed = await at.agent.suspend({ message, signatures });
  await confirmRule(
    at,
    { party },
    (after) => after.party?.suspended === suspended && after.party.standing >= message.change,
  );
  return placed;
}
