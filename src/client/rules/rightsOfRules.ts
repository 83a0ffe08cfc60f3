import { CATEGORIES } from '../../protocol/vocabulary.ts';
import type { RightGiven } from '../rights/grantRight.ts';
import { deniedCategories } from './deniedCategories.ts';
import type { StandingRule } from './StandingRule.ts';

/** A right that follows from a rule. */
export interface RuledRight extends RightGiven {
  /** Name of the rule. */
  readonly rule: string;
}

/**
 * Returns the rights that a patient's rules come to: of each permit one for each party, without the categories that a
 * rule denies to that party.
 *
 * @param rules - The patient's rules.
 * @param at - The moment, Unix seconds: each right lasts from it as long as its rule says.
 */
export function rightsOfRules(rules: readonly StandingRule[], at: number): readonly RuledRight[] {
  return rules.flatMap((rule) => {
    if (rule.kind === 'deny' || (rule.until !== undefined && rule.until <= at)) return [];
    const { name, parties, categories, actions, purpose, renew, until = Infinity } = rule;
    return [...new Set(parties)].flatMap((grantee) => {
      const denied = deniedCategories(rules, { grantee, categories }, at);
      const left = CATEGORIES.filter((each) => categories.includes(each) && !denied.includes(each));
      if (left.length === 0) return [];
      const end = Math.min(at + renew, until);
      return [{ rule: name, grantee, categories: left, actions, purpose, until: end }];
    });
  });
}
