import type { AccountFacts } from '../../protocol/claims.ts';
import type { Address } from '../../protocol/ids.ts';
import { addressArgument } from '../party/addressArgument.ts';
import type { Party } from '../party/Party.ts';
import { confirmRule } from '../rights/confirmRule.ts';
import { readAccount } from './readUnits.ts';

/** An account after its clearing. */
export interface AccountCleared {
  readonly account: AccountFacts;
  /** True if it had no position: nothing was left to clear. */
  readonly already: boolean;
}

/**
 * Clears an account of settlement units in a network that nets payments: what came in and went out since its position began
 * is settled by its sum. Accounts that owe are cleared before those that are owed. Anybody may clear any account, once the
 * period is over.
 *
 * @param party - Any party.
 * @param id - The account; your own if absent.
 * @throws MedsealError `RULE_REFUSED` with `ClearingEarly` while the period runs, `NothingToClear` if those who owe were not
 * cleared yet; `ARGUMENT_INVALID`, `CONTRACT_ABSENT`, `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const { account } = await clearAccount(insurer);
 * console.log(`${account.balance} units, ${account.position} to be cleared`);
 * ```
 */
export async function clearAccount(
  party: Party,
  id: Address = party.address,
): Promise<AccountCleared> {
  const asked = addressArgument(party, id, 'account');
  const { position } = await readAccount(party, asked);
  const { place } = await party.agent.settle({ due: 'clear', account: asked });
  const stands = (left: number): boolean => (place === undefined ? left === 0 : left !== position);
  const { account } = await confirmRule(party, { account: asked }, (facts) => {
    return stands(facts.account?.position ?? 0);
  });
  return {
    account: account ?? { balance: 0, position: 0, debt: 0, number: 0 },
    already: place === undefined,
  };
}
