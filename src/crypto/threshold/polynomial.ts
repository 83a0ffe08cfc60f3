import type { Random } from '../Random.ts';
import { GROUP_ORDER, randomScalar, reduced } from './scalars.ts';

/** A polynomial over the scalars, from its constant term upwards. Its values are shares of the constant term. */
export type Polynomial = readonly bigint[];

/**
 * A polynomial that nobody can guess.
 *
 * @param constant - Its value at 0, which is shared.
 * @param threshold - Number of values that tell it; its degree is one less.
 * @param random - Source of random bytes.
 */
export function randomPolynomial(constant: bigint, threshold: number, random: Random): Polynomial {
  return [constant, ...Array.from({ length: threshold - 1 }, () => randomScalar(random))];
}

/**
 * The value of a polynomial.
 *
 * @param polynomial - Its coefficients.
 * @param at - Index of a member, from 1.
 */
export function valueAt(polynomial: Polynomial, at: number): bigint {
  return reduced(polynomial.reduceRight((sum, term) => reduced(sum * BigInt(at) + term), 0n));
}

/**
 * The factors by which values at indices give the value at 0 (Lagrange).
 *
 * @param indices - Different, from 1.
 * @returns A scalar for each, in their order.
 */
export function weightsAtZero(indices: readonly number[]): readonly bigint[] {
  return indices.map((own) => {
    let [above, below] = [1n, 1n];
    for (const other of indices) {
      if (other === own) continue;
      above = reduced(above * BigInt(other));
      below = reduced(below * BigInt(other - own));
    }
    return reduced(above * inverse(below));
  });
}

/** By Fermat: the order is a prime number. Indices are public, so the time that it takes tells nothing. */
function inverse(scalar: bigint): bigint {
  let [power, base, result] = [GROUP_ORDER - 2n, scalar, 1n];
  for (; power > 0n; power >>= 1n) {
    if ((power & 1n) === 1n) result = reduced(result * base);
    base = reduced(base * base);
  }
  return result;
}
