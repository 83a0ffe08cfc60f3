import { hexToBytes } from '../../../crypto/bytes.ts';
import { shiftedAccount } from '../../../crypto/keys/oneTimeAccount.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import { seconds } from '../../../protocol/Clock.ts';
import type { PartyFacts } from '../../../protocol/evidence/facts.ts';
import { ADDRESS, BYTES32, OneOf, SIGNATURE } from '../../../protocol/wire/findShapeError.ts';
import type { Address, Bytes32, Hex } from '../../../protocol/ids.ts';
import { isOfShape } from '../../../protocol/wire/isOfShape.ts';
import { parseSigned } from '../../../protocol/struct/parseSigned.ts';
import type { Signed } from '../../../protocol/struct/requests.ts';
import { signedShape } from '../../../protocol/shapes/messageShape.ts';
import { shapeOfType } from '../../../protocol/shapes/shapeOfType.ts';
import { digestOf, signerOf } from '../../../protocol/struct/signing.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import type { Party } from '../../party/Party.ts';

/** Format of the file. */
export const REDEMPTION = 'medseal-redemption/2';
/** Before, the file did not say whose it is. */
const OWNERLESS = 'medseal-redemption/1';

/** A redemption that its holder signed, as the file that goes to the organisation which pays. */
export interface RedemptionFile {
  readonly format: 'medseal-redemption/2';
  /** Id of the network. */
  readonly network: Bytes32;
  /** The party whose units they are. */
  readonly owner: Address;
  /** Proof that the account is the owner's; absent if it is the owner's address itself. */
  readonly account?: {
    /** The owner's signature over the same redemption. */
    readonly signature: Hex;
    /** The key of the account minus the owner's, which only somebody with both knows. */
    readonly shift: Bytes32;
  };
  readonly request: Signed<'RedeemUnits'>;
}

const REDEMPTION_FILE = shapeOfType<RedemptionFile>('RedemptionFile')({
  format: new OneOf(REDEMPTION),
  network: BYTES32,
  owner: ADDRESS,
  'account?': { signature: SIGNATURE, shift: BYTES32 },
  request: signedShape('RedeemUnits'),
});

/**
 * Reads a redemption that a holder signed, which nobody verified yet.
 *
 * @param text - The file, not trusted.
 * @param argument - Name of the file, for messages.
 * @throws MedsealError `ARGUMENT_INVALID` if it is malformed, or says not whose it is, as earlier files did.
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * const file = parseRedemption(await readFile('redemption.json', 'utf8'));
 * const { organisation } = await confirmRedemption(auditor, file);
 * console.log(`Somebody of ${organisation} gives back ${file.request.message.amount} units.`);
 * ```
 */
export function parseRedemption(text: string, argument = 'text'): RedemptionFile {
  let reason = 'the file holds no redemption';
  try {
    const value: unknown = JSON.parse(text);
    if (isOfShape(REDEMPTION_FILE, value)) {
      return { ...value, request: parseSigned(value.request, ['RedeemUnits']) };
    }
    const { format } = Object(value) as { format?: unknown };
    if (format === OWNERLESS)
      reason = `it is a ${OWNERLESS}, which does not say whose it is: have it signed again`;
  } catch {
    // The error below says it.
  }
  throw new MedsealError('ARGUMENT_INVALID', { argument, reason });
}

/**
 * Confirms whose redemption it is, before anybody pays for it or signs it: it is of this network, the account's key and the
 * owner's signed it, and k coordinators say that the owner's key is the present one of an enrolled party.
 *
 * @param at - Any party that can reach an agent.
 * @param file - As `parseRedemption` read it.
 * @returns The owner, as the Registry has it.
 * @throws MedsealError `ARGUMENT_INVALID` if it is of another network; `SIGNATURE_INVALID` if holder or owner did not sign it, or
 * the account is another's; `REQUEST_LATE` once its seven days are over; `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`, `CLOCK_SKEWED`.
 * @example
 * ```ts
 * const file = await signRedemption(doctor, { organisation: 'hospital', amount: 4_000 });
 * const owner = await confirmRedemption(auditor, file);
 * console.log(`The money is for a ${owner.role} of ${owner.organisation}.`);
 * ```
 */
export async function confirmRedemption(at: Party, file: RedemptionFile): Promise<PartyFacts> {
  const { network, owner, request } = file;
  if (network !== at.network.networkId) {
    const reason = 'the file is of another network';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'file', reason });
  }
  const signer = ownersKey(at, file);
  const { party, signer: known } = await confirmFacts(at, { party: owner, signer });
  if (party === undefined || known?.party !== owner || !known.present) {
    throw new MedsealError('SIGNATURE_INVALID', {});
  }
  if (request.message.deadline < seconds(at.clock)) throw new MedsealError('REQUEST_LATE', {});
  return party;
}

/** Address of the key that signed as the owner, which has the account's key as well. */
function ownersKey(
  at: Pick<Party, 'primitives' | 'domain'>,
  { owner, account, request: { message, signature } }: RedemptionFile,
): Address {
  const { holder } = message;
  const signer = signerOf(at, 'RedeemUnits', message, signature);
  if (account === undefined) {
    if (holder !== owner) throw new MedsealError('SIGNATURE_INVALID', {});
    return signer;
  }
  const digest = hexToBytes(digestOf(at, 'RedeemUnits', message));
  const publicKey = at.primitives.recover(digest, hexToBytes(account.signature));
  const shifted = shiftedAccount(at.primitives, publicKey, hexToBytes(account.shift));
  if (signer !== holder || shifted !== holder) throw new MedsealError('SIGNATURE_INVALID', {});
  return signerOf(at, 'RedeemUnits', message, account.signature);
}
