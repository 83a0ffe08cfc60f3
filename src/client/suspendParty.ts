import { MedsealError } from '../errors/MedsealError.ts';
import { seconds } from '../protocol/Clock.ts';
import type { SignedSuspension } from '../protocol/AgentPort.ts';
import type { Address, Bytes32 } from '../protocol/ids.ts';
import type { Suspension } from '../protocol/requests.ts';
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
  const message = await draftSuspension(at, change);
  const signatures = members.map((member) => sign(at, member, 'Suspension', message).signature);
  return await carrySuspension(at, { message, signatures });
}

/** How long members have for their signatures if nothing else is said, seconds. */
const AT_ONCE = 300;

/**
 * What members of the authority sign to suspend a party, or to lift its suspension.
 *
 * @param at - Anyone who can reach an agent.
 * @param change - Whom; whether it is suspended from now on; how many seconds the members have.
 * @throws MedsealError `PARTY_UNKNOWN`, `KEY_UNAUTHENTIC`.
 */
export async function draftSuspension(
  at: Party,
  change: { readonly party: Address; readonly suspended: boolean; readonly within?: number },
): Promise<Suspension> {
  const { party, suspended, within = AT_ONCE } = change;
  const { party: facts } = await confirmFacts(at, { party });
  if (facts === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  return { party, suspended, change: facts.standing + 1, deadline: seconds(at.clock) + within };
}

/**
 * Carries what enough members signed to the ledger.
 *
 * @param at - Anyone who can reach an agent.
 * @param signed - The suspension or its lifting, with the signatures.
 * @throws MedsealError `SIGNATURE_INVALID`, `RULE_REFUSED`, `RULE_UNCONFIRMED`.
 */
export async function carrySuspension(
  at: Party,
  signed: SignedSuspension,
): Promise<{ readonly transaction: Bytes32; readonly block: number }> {
  const { party, suspended, change } = signed.message;
  const placed = await at.agent.suspend(signed);
  await confirmRule(
    at,
    { party },
    (after) => after.party?.suspended === suspended && after.party.standing >= change,
  );
  return placed;
}
