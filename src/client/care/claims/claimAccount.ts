import { hexToBytes } from '../../../crypto/bytes.ts';
import { oneTimeKey, oneTimeAccount } from '../../../crypto/keys/oneTimeAccount.ts';
import { addressOf } from '../../../crypto/addressOf.ts';
import { deriveParty } from '../../../crypto/keys/deriveParty.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import type { Submission } from '../../../protocol/AgentPort.ts';
import { claimAccountOf } from '../../../protocol/care/claimAccountOf.ts';
import type { InsuranceClaim } from '../../../protocol/care/claims.ts';
import type { Address, Bytes32, Hex } from '../../../protocol/ids.ts';
import type { ClaimType, Messages } from '../../../protocol/struct/requests.ts';
import { sign } from '../../../protocol/struct/signing.ts';
import type { Party } from '../../party/Party.ts';
import { knownClaims } from './knownClaims.ts';

/** An account of settlement units, with the key that moves them. */
export interface HeldAccount {
  readonly address: Address;
  /** secp256k1 scalar, 32 bytes. */
  readonly signingKey: Uint8Array;
}

/** An account that a claim was to pay to a party. */
export interface ClaimAccount extends HeldAccount {
  /** Digest of the claim. */
  readonly claim: Bytes32;
}

/**
 * Returns the account of a party for the claims that have a salt in their terms.
 *
 * @param party - The party.
 * @param salt - 16 random bytes.
 */
export function ownClaimAccount({ primitives, keys }: Party, salt: Hex): Address {
  return oneTimeAccount(primitives, primitives.publicKey(keys.signingKey()), hexToBytes(salt));
}

/** Returns the signing keys of a party, the present one first: what follows from a key outlasts its change. */
export function signingKeysOf({
  keys,
  formerKeys = [],
}: Pick<Party, 'keys' | 'formerKeys'>): readonly Uint8Array[] {
  return [keys.signingKey(), ...formerKeys.map((each) => deriveParty(each.seed()).signingKey)];
}

/**
 * Returns the key of an account of a claim, if it is the party's: of its present key, or of a former one.
 *
 * @param party - The party.
 * @param claim - The claim.
 * @param account - One of the claim's accounts.
 */
export function keyOfClaimAccount(
  party: Party,
  { terms: { salt } }: InsuranceClaim,
  account: Address,
): HeldAccount | undefined {
  const { primitives } = party;
  for (const own of signingKeysOf(party)) {
    const signingKey = oneTimeKey(primitives, own, hexToBytes(salt));
    const address = addressOf(primitives, primitives.publicKey(signingKey));
    if (address === account) return { address, signingKey };
  }
  return undefined;
}

/**
 * Returns the account with which a claim pays a party; the party's own if the claim does not name it.
 *
 * @param party - Address of the party.
 * @param claim - The claim.
 */
export function paidAccountOf(
  party: Address,
  { terms, payee }: Pick<InsuranceClaim, 'terms' | 'payee'>,
): Address {
  return terms.payee === party ? payee : party;
}

/**
 * Lists the accounts that claims were to pay to a party, and their keys. The units on each go back by `signRedemption`.
 *
 * @param party - The party, whose device knows the claims after `listClaims`.
 * @throws MedsealError `KEYSTORE_INVALID` if the device's list of claims was altered.
 * @example
 * ```ts
 * for (const account of await claimAccounts(doctor)) {
 *   const { balance } = await readAccount(doctor, account.address);
 *   if (balance > 0) await signRedemption(doctor, { organisation: 'hospital', amount: balance, account });
 * }
 * ```
 */
export async function claimAccounts(party: Party): Promise<readonly ClaimAccount[]> {
  const found = (await knownClaims(party)).flatMap(({ digest: claim, message }) => {
    const key = keyOfClaimAccount(party, message, paidAccountOf(party.address, message));
    return key === undefined ? [] : [{ ...key, claim }];
  });
  return [...new Map(found.map((each) => [each.address, each])).values()];
}

/**
 * Signs a request about a claim: as the party, for the nodes, and as the account that acts on the ledger, which tells nobody
 * whose it is.
 *
 * @param party - The party.
 * @param claim - The claim.
 * @param type - Struct of the request.
 * @param message - The request.
 * @throws MedsealError `RIGHT_MISSING` if the account is another's.
 */
export function signForClaim<Type extends ClaimType>(
  party: Party,
  claim: InsuranceClaim,
  type: Type,
  message: Messages[Type],
): Pick<Submission, 'request' | 'cosignature'> {
  const request = sign(party, party, type, message) as Submission['request'];
  const account = claimAccountOf(claim, { type, message });
  if (account === party.address) return { request };
  const signer = keyOfClaimAccount(party, claim, account);
  if (signer === undefined) throw new MedsealError('RIGHT_MISSING', {});
  return { request, cosignature: sign(party, signer, type, message).signature };
}
