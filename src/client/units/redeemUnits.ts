import { MedsealError } from '../../errors/MedsealError.ts';
import type { RedeemUnits } from '../../protocol/claims.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { LedgerPlace } from '../../protocol/evidence.ts';
import { OneOf } from '../../protocol/findShapeError.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { isOfShape } from '../../protocol/isOfShape.ts';
import { organisationId } from '../../protocol/networkLookups.ts';
import { parseSigned } from '../../protocol/parseSigned.ts';
import type { Signed } from '../../protocol/requests.ts';
import { signedShape } from '../../protocol/shapes/messageShape.ts';
import { shapeOfType } from '../../protocol/shapes/shapeOfType.ts';
import { sign } from '../../protocol/signing.ts';
import type { HeldAccount } from '../claims/claimAccount.ts';
import type { Party } from '../party/Party.ts';
import { confirmRule } from '../rights/confirmRule.ts';
import type { AuthorityKey } from '../rights/signSuspension.ts';
import { readAccount } from './readUnits.ts';

const FORMAT = 'medseal-redemption/1';
/** Time that the organisation has to pay and to sign, seconds. */
const ROUND = 7 * 24 * 3600;

/** A redemption that its holder signed, as the file that goes to the organisation which pays. */
export interface RedemptionFile {
  readonly format: typeof FORMAT;
  readonly request: Signed<'RedeemUnits'>;
}

const REDEMPTION_FILE = shapeOfType<RedemptionFile>('RedemptionFile')({
  format: new OneOf(FORMAT),
  request: signedShape('RedeemUnits'),
});

/** Units that go back, and the organisation that pays for them. */
export interface NewRedemption {
  readonly organisation: Organisation;
  /** Hundredths. */
  readonly amount: number;
  /** The account that holds the units, of `claimAccounts`; the party's own if absent. */
  readonly account?: HeldAccount;
}

/**
 * Signs, as the holder of settlement units, that they go back to an organisation for the money that they stand for. Give
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
  return { format: FORMAT, request: sign(holder, key ?? holder, 'RedeemUnits', message) };
}

/**
 * Reads a redemption that a holder signed.
 *
 * @param text - The file, not trusted.
 * @param argument - Name of the file, for messages.
 * @throws MedsealError `ARGUMENT_INVALID` if it is malformed.
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * const { request } = parseRedemption(await readFile('redemption.json', 'utf8'));
 * console.log(`${request.message.holder} gives back ${request.message.amount} units.`);
 * ```
 */
export function parseRedemption(text: string, argument = 'text'): RedemptionFile {
  try {
    const value: unknown = JSON.parse(text);
    if (isOfShape(REDEMPTION_FILE, value)) {
      return { format: FORMAT, request: parseSigned(value.request, ['RedeemUnits']) };
    }
  } catch {
    // The error below says it.
  }
  const reason = 'the file holds no redemption';
  throw new MedsealError('ARGUMENT_INVALID', { argument, reason });
}

/**
 * Takes settlement units back for an organisation of the authority that has paid for them, with the holder's signature.
 *
 * @param at - Any party that can reach an agent.
 * @param member - Key of the organisation's seat in the authority.
 * @param file - The redemption, as its holder signed it.
 * @throws MedsealError `SIGNATURE_INVALID` if the key is not that of a seat of the organisation, or the holder did not
 * sign; `RULE_REFUSED` with `AmountInvalid`, `FundsMissing`, `DebtOpen` or `NumberUnexpected`; `REQUEST_LATE`,
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
  { request }: RedemptionFile,
): Promise<LedgerPlace> {
  const { message } = request;
  const { signature: second } = sign(at, member, 'RedeemUnits', message);
  const place = await at.agent.units({ request, second });
  await confirmRule(at, { account: message.holder }, ({ account }) => {
    return account !== undefined && account.number >= message.number;
  });
  return place;
}
