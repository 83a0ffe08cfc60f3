import { seconds } from '../../protocol/Clock.ts';
import type { LedgerPlace } from '../../protocol/evidence.ts';
import type { Address, Organisation } from '../../protocol/ids.ts';
import { organisationId } from '../../protocol/networkLookups.ts';
import { sign } from '../../protocol/signing.ts';
import { addressArgument } from '../party/addressArgument.ts';
import type { Party } from '../party/Party.ts';
import { confirmRule } from '../rights/confirmRule.ts';
import type { AuthorityKey } from '../rights/signSuspension.ts';
import { readIssuer } from './readUnits.ts';

/** Settlement units to issue. */
export interface NewUnits {
  /** Organisation that holds the money, and owes the units. */
  readonly organisation: Organisation;
  /** Account that gets them. */
  readonly account: Address;
  /** Minor units of the currency, 1 to 2^40 - 1 with all that the organisation has outstanding. */
  readonly amount: number;
}

/** Seconds that the ledger has to take a request. */
const WINDOW = 300;

/**
 * Issues settlement units, for money that an organisation of the authority holds. After an error, read the issuer's number
 * before another try: an issue whose answer was lost may stand.
 *
 * @param at - Any party that can reach an agent.
 * @param member - Key of the organisation's seat in the authority.
 * @param units - Organisation, account and amount.
 * @throws MedsealError `SIGNATURE_INVALID` if the key is not that of a seat of the organisation; `RULE_REFUSED` with
 * `AmountInvalid` over the organisation's ceiling, `NumberUnexpected` if another issue came first; `CONTRACT_ABSENT`,
 * `ARGUMENT_INVALID`, `KEY_UNAUTHENTIC`, `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const [member] = members;
 * const units = { organisation: 'hospital', account: doctor.address, amount: 50_000 };
 * if (member) await issueUnits(auditor, member, units);
 * ```
 */
export async function issueUnits(
  at: Party,
  member: AuthorityKey,
  { organisation, account, amount }: NewUnits,
): Promise<LedgerPlace> {
  const { number } = await readIssuer(at, organisation);
  const message = {
    organisation: organisationId(organisation),
    account: addressArgument(at, account, 'account'),
    amount,
    number: number + 1,
    deadline: seconds(at.clock) + WINDOW,
  };
  const place = await at.agent.units({ request: sign(at, member, 'IssueUnits', message) });
  await confirmRule(at, { issuer: message.organisation }, ({ issuer }) => {
    return issuer !== undefined && issuer.number >= message.number;
  });
  return place;
}
