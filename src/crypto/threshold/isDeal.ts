import type { Ceremony, Deal } from './Deal.ts';
import { equalBytes } from '../bytes.ts';
import { challengeOf, requireCeremony } from './createDeal.ts';
import { type PairingPort } from './PairingPort.ts';
import { parseScalar, reduced } from './scalars.ts';

/**
 * Tells whether a deal is well-formed for its ceremony, and its dealer knows what it shares.
 *
 * @param pairing - Arithmetic.
 * @param ceremony - The ceremony.
 * @param deal - The deal; not trusted.
 * @param shared - The first commitment that it has to have: the dealer's public key if it shares its share of a key again. Any if absent.
 * @throws MedsealError `REQUEST_MALFORMED` if the ceremony itself is not one.
 */
export function isDeal(
  pairing: PairingPort,
  ceremony: Ceremony,
  deal: Deal,
  shared?: Uint8Array,
): boolean {
  requireCeremony(ceremony);
  const { dealer, commitments, proof } = deal;
  const [first] = commitments;
  if (first === undefined || commitments.length !== ceremony.threshold) return false;
  if (shared !== undefined && !equalBytes(shared, first)) return false;
  try {
    for (const commitment of commitments) pairing.requireG2(commitment);
    const challenge = challengeOf(ceremony, dealer, commitments, proof.commitment);
    const expected = pairing.sumG2([
      { point: proof.commitment, scalar: 1n },
      { point: first, scalar: challenge },
    ]);
    return equalBytes(pairing.multiplyBaseG2(parseScalar(proof.response)), expected);
  } catch {
    return false;
  }
}

/**
 * Tells whether a share is the one that a deal commits to.
 *
 * @param pairing - Arithmetic.
 * @param deal - A deal that `isDeal` took.
 * @param member - The member's index.
 * @param share - The share that the dealer gave it.
 */
export function isDealtShare(
  pairing: PairingPort,
  { commitments }: Deal,
  member: number,
  share: bigint,
): boolean {
  try {
    return equalBytes(pairing.multiplyBaseG2(share), dealtKey(pairing, commitments, member));
  } catch {
    return false;
  }
}

/**
 * The public key of the share that commitments hold for a member.
 *
 * @param pairing - Arithmetic.
 * @param commitments - Points of G2, from the constant term upwards.
 * @param member - The member's index.
 * @returns 96 bytes.
 */
export function dealtKey(
  pairing: PairingPort,
  commitments: readonly Uint8Array[],
  member: number,
): Uint8Array {
  return pairing.sumG2(
    commitments.map((point, power) => ({
      point,
      scalar: reduced(BigInt(member) ** BigInt(power)),
    })),
  );
}
