import type { StandingRule } from '../../../../src/client/index.ts';
import type { Address } from '../../../../src/protocol/ids.ts';
import type { TermsChosen } from '../share/ChooseTerms.tsx';

/** A rule as a person puts it together. */
export interface RuleChosen {
  readonly name: string;
  readonly kind: StandingRule['kind'];
  readonly parties: readonly Address[];
  /** A denial is of every action and purpose. */
  readonly terms: TermsChosen;
  /** First second at which it no longer holds, Unix seconds; absent until further notice, NaN without a day. */
  readonly until?: number;
}

/** Field in which something is missing. */
export type RuleFault = 'name' | 'name-taken' | 'people' | 'terms' | 'everything' | 'until';

/** Seconds that each right of a rule lasts; it is renewed when half of them are over. */
const RENEWAL = 90 * 86_400;

/**
 * Makes the rule that a person chose.
 *
 * @param chosen - Choices of the person.
 * @param before - Rules that stand.
 * @param now - Unix seconds.
 * @returns The rule, or the first field in which something is missing.
 */
export function ruleChosen(
  chosen: RuleChosen,
  before: readonly StandingRule[],
  now: number,
): StandingRule | RuleFault {
  const { kind, parties, terms, until } = chosen;
  const { categories, actions, purpose } = terms;
  const name = chosen.name.trim();
  if (name === '') return 'name';
  if (before.some((rule) => rule.name === name)) return 'name-taken';
  if (until !== undefined && !(until > now)) return 'until';
  const end = until === undefined ? {} : { until };
  if (kind === 'deny') {
    if (parties.length === 0 && categories.length === 0) return 'everything';
    const about = {
      ...(parties.length > 0 && { parties }),
      ...(categories.length > 0 && { categories }),
    };
    return { name, kind, ...about, ...end };
  }
  if (parties.length === 0) return 'people';
  if (categories.length === 0 || actions.length === 0) return 'terms';
  return { name, kind, parties, categories, actions, purpose, renew: RENEWAL, ...end };
}
