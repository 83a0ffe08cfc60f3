import type { PartyKeys } from '../../crypto/keys/PartyKeys.ts';
import { addressOf } from '../../crypto/addressOf.ts';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { signDigest, type SigningKey } from '../../crypto/keys/SigningKey.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address, Bytes32, Hex } from '../ids.ts';
import { LASTING_TYPES } from './lastingTypes.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import type { KeyProof, Messages, Signed } from './requests.ts';
import { requestTypes } from './requestTypes.ts';
import { typedDigest, type Domain } from './typedData.ts';

/** Values for signing and verifying: the network's domain, the hashes and the curve. */
export interface SigningContext {
  readonly domain: Domain;
  readonly primitives: Primitives;
  /** Those who may give a party another key, and could before. No recovered key is proven without them. */
  readonly network?: AuthorityFile;
}

/** The part of a network file that a recovered key is verified by. */
export interface AuthorityFile extends Pick<NetworkFile, 'authority'> {
  readonly before?: readonly Pick<
    NonNullable<NetworkFile['before']>[number],
    'until' | 'authority'
  >[];
}

/**
 * Returns the EIP-712 digest of a message in a network.
 *
 * @param context - Domain and primitives.
 * @param type - The struct's name.
 * @param message - The struct.
 */
export function digestOf<Type extends keyof Messages>(
  { domain, primitives }: Pick<SigningContext, 'domain' | 'primitives'>,
  type: Type,
  message: Messages[Type],
): Bytes32 {
  return bytesToHex(typedDigest(primitives, domain, requestTypes, type, message));
}

/** A signing party with its signing key, either plain or among secrets that nothing prints. */
type Signer = {
  readonly address: Address;
  /** The changes that led from the party's first key to this one. */
  readonly keyChanges?: readonly KeyProof[];
} & ({ readonly signingKey: SigningKey } | { readonly keys: Pick<PartyKeys, 'signingKey'> });

/**
 * Signs a message (EIP-712, ECDSA over secp256k1).
 *
 * @param context - Domain and primitives.
 * @param key - The author.
 * @param type - The struct's name.
 * @param message - The struct.
 */
export function sign<Type extends keyof Messages>(
  context: SigningContext,
  key: Signer,
  type: Type,
  message: Messages[Type],
): Signed<Type> {
  const digest = hexToBytes(digestOf(context, type, message));
  const signature = bytesToHex(
    signDigest(context.primitives, digest, 'keys' in key ? key.keys.signingKey() : key.signingKey),
  );
  const { keyChanges = [] } = key;
  const proof = keyChanges.length > 0 && LASTING_TYPES.includes(type) && { keyChanges };
  return { type, party: key.address, message, signature, ...proof };
}

/**
 * Returns the address of the key that signed a message.
 *
 * @param context - Domain and primitives.
 * @param type - The struct's name.
 * @param message - The struct.
 * @param signature - 65 bytes.
 * @throws MedsealError `SIGNATURE_INVALID` if no key can have made the signature.
 */
export function signerOf<Type extends keyof Messages>(
  context: Pick<SigningContext, 'domain' | 'primitives'>,
  type: Type,
  message: Messages[Type],
  signature: Hex,
): Address {
  return recoverSigner(context, digestOf(context, type, message), signature);
}

/**
 * Verifies that an address signed a message.
 *
 * @param context - Domain and primitives.
 * @param signed - The message with its signature.
 * @param signer - Address that must have signed.
 * @returns The message's digest.
 * @throws MedsealError `SIGNATURE_INVALID`.
 */
export function verifySigned(context: SigningContext, signed: Signed, signer: Address): Bytes32 {
  const digest = digestOf(context, signed.type, signed.message);
  if (recoverSigner(context, digest, signed.signature) !== signer) {
    throw new MedsealError('SIGNATURE_INVALID', {});
  }
  return digest;
}

/**
 * Returns the address of the key that signed a digest.
 *
 * @param context - Primitives.
 * @param digest - 32 bytes.
 * @param signature - 65 bytes.
 * @throws MedsealError `SIGNATURE_INVALID` if no key can have made the signature.
 */
export function recoverSigner(
  { primitives }: Pick<SigningContext, 'primitives'>,
  digest: Bytes32,
  signature: Hex,
): Address {
  const publicKey = primitives.recover(hexToBytes(digest), hexToBytes(signature));
  return addressOf(primitives, publicKey);
}
