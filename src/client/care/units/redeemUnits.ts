import { bytesToHex } from '../../../crypto/bytes.ts';
import { shiftBetween } from '../../../crypto/keys/oneTimeAccount.ts';
import type { RedeemUnits } from '../../../protocol/care/claims.ts';
import { seconds } from '../../../protocol/Clock.ts';
import type { LedgerPlace } from '../../../protocol/evidence/evidence.ts';
import type { Organisation } from '../../../protocol/ids.ts';
import { organisationId } from '../../../protocol/network/networkLookups.ts';
import { sign } from '../../../protocol/struct/signing.ts';
import type { HeldAccount } from '../claims/claimAccount.ts';
import type { Party } from '../../party/Party.ts';
import { confirmRule } from '../../rights/confirmRule.ts';
import type { AuthorityKey } from '../../rights/signByMembers.ts';
import { readAccount } from './readUnits.ts';
import { confirmRedemption, REDEMPTION, type RedemptionFile } from './redemptionFile.ts';

/** Time that the organisation has to pay and to sign, seconds. */
const ROUND = 7 * 24 * 3600;

/** Units that go back, and the organisation that pays for them. */
export interface NewRedemption {
  readonly organisation: Organisation;
  /** Hundredths. */
  readonly amount: number;
  /** The account that holds the units, of `claimAccounts`; the party's own if absent. */
  readonly account?: HeldAccount;
}

/**
 * Signs, as the holder of settlement units, that they go back to an organisation for the money that they stand for. The file
 * says whose they are, and proves it. Give
 * it to the organisation: it pays, signs as well, and sends it within seven days.
 *
 * @param holder - The holder, or whoever has the key that holds them.
 * @param redemption - Organisation, amount, and the key.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`, `CLOCK_SKEWED`.
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises';
 * const file = await signRedemption(doctor, { organisation: 'hospital', amount: 4_000 });
 * await writeFile('redemption.json', JSON.stringify(file));
 * ```
 */
export async function signRedemption(
  holder: Party,
  { organisation, amount, account: key }: NewRedemption,
): Promise<RedemptionFile> {
  const address = key?.address ?? holder.address;
  const { number } = await readAccount(holder, address);
  const message: RedeemUnits = {
    holder: address,
    organisation: organisationId(organisation),
    amount,
    number: number + 1,
    deadline: seconds(holder.clock) + ROUND,
  };
  return {
    format: REDEMPTION,
    network: holder.network.networkId,
    owner: holder.address,
    ...(key && {
      account: {
        signature: sign(holder, holder, 'RedeemUnits', message).signature,
        shift: bytesToHex(shiftBetween(holder.keys.signingKey(), key.signingKey)),
      },
    }),
    request: sign(holder, key ?? holder, 'RedeemUnits', message),
  };
}

/**
 * Takes settlement units back for an organisation of the authority that has paid for them, with the holder's signature.
 *
 * @param at - Any party that can reach an agent.
 * @param member - Key of the organisation's seat in the authority.
 * @param file - The redemption, as its holder signed it.
 * @throws MedsealError as `confirmRedemption`, then nothing was signed; `SIGNATURE_INVALID` if the key is not that of a seat of the
 * organisation; `RULE_REFUSED` with `AmountInvalid`, `FundsMissing` or `NumberUnexpected`; `REQUEST_LATE`,
 * `CONTRACT_ABSENT`, `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const file = await signRedemption(doctor, { organisation: 'hospital', amount: 4_000 });
 * const [member] = members;
 * if (member) await redeemUnits(auditor, member, file);
 * ```
 */
export async function redeemUnits(
  at: Party,
  member: AuthorityKey,
  file: RedemptionFile,
): Promise<LedgerPlace> {
  await confirmRedemption(at, file);
  const { request } = file;
  const { message } = request;
  const { signature: second } = sign(at, member, 'RedeemUnits', message);
  const place = await at.agent.units({ request, second });
  await confirmRule(at, { account: message.holder }, ({ account }) => {
    return account !== undefined && account.number >= message.number;
  });
  return place;
}
