import type { Address } from '../../protocol/ids.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import type { StandingRule } from './StandingRule.ts';

/**
 * Returns the categories of a right that a patient's rules deny to its grantee.
 *
 * @param rules - The patient's rules; none if absent.
 * @param right - Grantee and categories of the right.
 * @param at - The moment, Unix seconds.
 */
export function deniedCategories(
  rules: readonly StandingRule[] | undefined,
  right: { readonly grantee: Address; readonly categories: readonly Category[] },
  at: number,
): readonly Category[] {
  const denials = (rules ?? []).filter(
    ({ kind, parties, until }) =>
      kind === 'deny' &&
      (parties?.includes(right.grantee) ?? true) &&
      (until === undefined || at < until),
  );
  return right.categories.filter((category) =>
    denials.some(({ categories }) => categories?.includes(category) ?? true),
  );
}
