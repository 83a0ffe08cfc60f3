import type { Verdict } from '../struct/requests.ts';

/**
 * Tells whether two verdicts say the same, field by field.
 *
 * @param one - A verdict.
 * @param other - Another.
 */
export function sameVerdict(one: Verdict, other: Verdict): boolean {
  return (
    one.kind === other.kind &&
    one.log === other.log &&
    one.size === other.size &&
    one.root === other.root &&
    one.at === other.at &&
    one.includeBy === other.includeBy
  );
}
