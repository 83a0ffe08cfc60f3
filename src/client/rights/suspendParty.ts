import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { SignedSuspension } from '../../protocol/AgentPort.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import type { Suspension } from '../../protocol/struct/requests.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { confirmRule } from './confirmRule.ts';
import { addressArgument } from '../party/addressArgument.ts';
import type { Party } from '../party/Party.ts';
import type { AuthorityKey } from './signByMembers.ts';
import { signSuspension } from './signSuspension.ts';

/**
 * Suspends a party, or lifts its suspension, in the name of the authority. From then on every request of the party is
 * refused; the keys of every chart that it could read turn before anything else is added there.
 *
 * @param at - Any party that can reach an agent.
 * @param members - Members of the authority, of as many organisations as its threshold.
 * @param change - Party, and true to suspend it.
 * @throws MedsealError `PARTY_UNKNOWN`, `KEY_UNAUTHENTIC`; `SIGNATURE_INVALID` if too few members signed;
 * `RULE_REFUSED`, `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const change = { party: doctor.address, suspended: true };
 * const { block } = await suspendParty(auditor, members, change);
 * console.log(`suspended since block ${block}`);
 * ```
 */
export async function suspendParty(
  at: Party,
  members: readonly AuthorityKey[],
  change: { readonly party: Address; readonly suspended: boolean },
): Promise<{ readonly transaction: Bytes32; readonly block: number }> {
  const message = await draftSuspension(at, change);
  const { signed } = signSuspension(at, { message, signatures: [] }, members);
  return await carrySuspension(at, signed);
}

/** Seconds that members have for their signatures by default. */
const AT_ONCE = 300;

/**
 * Drafts what members of the authority sign to suspend a party, or to lift its suspension.
 *
 * @param at - Any party that can reach an agent.
 * @param change - Party, true to suspend it, and number of seconds that the members have, 30 days at most.
 * @throws MedsealError `PARTY_UNKNOWN`, `KEY_UNAUTHENTIC`.
 * @example
 * ```ts
 * const change = { party: doctor.address, suspended: true, within: 24 * 3600 };
 * const message = await draftSuspension(auditor, change);
 * console.log(`Members may sign until ${new Date(message.deadline * 1000).toISOString()}.`);
 * ```
 */
export async function draftSuspension(
  at: Party,
  change: { readonly party: Address; readonly suspended: boolean; readonly within?: number },
): Promise<Suspension> {
  const { suspended, within = AT_ONCE } = change;
  const party = addressArgument(at, change.party, 'party');
  const { party: facts } = await confirmFacts(at, { party });
  if (facts === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  return { party, suspended, change: facts.standing + 1, deadline: seconds(at.clock) + within };
}

/**
 * Sends a suspension that enough members signed to the ledger.
 *
 * @param at - Any party that can reach an agent.
 * @param signed - Suspension or its lifting, with the signatures.
 * @throws MedsealError `SIGNATURE_INVALID` if too few members signed; `RULE_REFUSED`, `RULE_UNCONFIRMED`;
 * `KEY_UNAUTHENTIC`.
 * @example
 * ```ts
 * const message = await draftSuspension(auditor, { party: doctor.address, suspended: true });
 * const { signed, missing } = signSuspension(auditor, { message, signatures: [] }, members);
 * if (missing === 0) await carrySuspension(auditor, signed);
 * ```
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
