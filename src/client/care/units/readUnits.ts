import type { AccountFacts, IssuerFacts } from '../../../protocol/care/claims.ts';
import type { Address, Organisation } from '../../../protocol/ids.ts';
import { organisationId } from '../../../protocol/network/networkLookups.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import { addressArgument } from '../../party/addressArgument.ts';
import type { Party } from '../../party/Party.ts';

/**
 * Reads an account of settlement units: its balance, confirmed by k coordinators.
 *
 * @param party - Any party.
 * @param account - A party's address, or that of a key made for one claim; your own if absent.
 * @throws MedsealError `ARGUMENT_INVALID`, `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`, `CLOCK_SKEWED`.
 * @example
 * ```ts
 * const { balance } = await readAccount(doctor);
 * console.log(`${balance} units`);
 * ```
 */
export async function readAccount(
  party: Party,
  account: Address = party.address,
): Promise<AccountFacts> {
  const asked = addressArgument(party, account, 'account');
  const facts = await confirmFacts(party, { account: asked });
  return facts.account ?? { balance: 0, number: 0 };
}

/**
 * Reads how many settlement units an organisation issued and did not take back, confirmed by k coordinators.
 *
 * @param party - Any party.
 * @param organisation - The organisation.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`, `CLOCK_SKEWED`.
 * @example
 * ```ts
 * const { outstanding } = await readIssuer(doctor, 'hospital');
 * console.log(`The hospital owes ${outstanding} units.`);
 * ```
 */
export async function readIssuer(party: Party, organisation: Organisation): Promise<IssuerFacts> {
  const { issuer } = await confirmFacts(party, { issuer: organisationId(organisation) });
  return issuer ?? { outstanding: 0, number: 0 };
}
