import { canonicalHash } from '../wire/canonicalHash.ts';
import type { Bytes32 } from '../ids.ts';
import type { CareType, Signed } from '../struct/requests.ts';
import { digestOf, type SigningContext } from '../struct/signing.ts';

/** Requests that the ledger knows by their digests. */
const BY_DIGEST = ['Prescription', 'Dispense', 'InsuranceClaim'] as const;

/** A type of request that the ledger knows by its digest. */
type DigestedType = (typeof BY_DIGEST)[number];

/**
 * Returns the name under which nodes keep a request of care. It follows from the effect on the ledger: a peer that puts something
 * beside the request, or has its party sign the same again, makes no further copy.
 *
 * @param context - Domain and primitives.
 * @param request - The request, without regard to its signature.
 */
export function nameOfCare(
  context: SigningContext,
  { type, message }: Pick<Signed<CareType>, 'type' | 'message'>,
): Bytes32 {
  const digested = BY_DIGEST.find((each) => each === type);
  if (digested !== undefined)
    return nameOfDigest(context, digested, digestOf(context, type, message));
  const { deadline: _, ...effect } = message;
  return hashOf(context, { type, ...effect });
}

/**
 * Returns the name of a request of care that the ledger knows by its digest.
 *
 * @param context - Primitives.
 * @param type - Its type.
 * @param digest - Its digest.
 */
export function nameOfDigest(
  context: Pick<SigningContext, 'primitives'>,
  type: DigestedType,
  digest: Bytes32,
): Bytes32 {
  return hashOf(context, { type, digest });
}

function hashOf({ primitives }: Pick<SigningContext, 'primitives'>, name: object): Bytes32 {
  return canonicalHash(primitives, name);
}
