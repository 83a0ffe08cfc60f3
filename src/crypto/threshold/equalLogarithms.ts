import type { GroupPort } from './GroupPort.ts';
import { reduced } from './scalars.ts';

/** A point, and the multiple of it that a proof is about. */
export type Multiple = readonly [point: Uint8Array, multiple: Uint8Array];

/**
 * The commitments that a proof was made with, if it holds: it shows that two multiples have one secret (Chaum and Pedersen 1992). It holds
 * if its challenge is the hash over them.
 *
 * @param group - Arithmetic.
 * @param multiples - Two points and their multiples.
 * @param proof - Challenge and response, 0 to the order less 1 each; not trusted.
 * @returns Two points; undefined if one of them is the point at infinity.
 * @throws MedsealError `REQUEST_MALFORMED` if a point is not one.
 */
export function commitmentsOf(
  group: GroupPort,
  multiples: readonly [Multiple, Multiple],
  { challenge, response }: { readonly challenge: bigint; readonly response: bigint },
): readonly Uint8Array[] | undefined {
  const less = reduced(-challenge);
  const commitments: Uint8Array[] = [];
  for (const [point, multiple] of multiples) {
    const commitment = group.sum([
      { point, scalar: response },
      { point: multiple, scalar: less },
    ]);
    if (commitment === undefined) return undefined;
    commitments.push(commitment);
  }
  return commitments;
}
