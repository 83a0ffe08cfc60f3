import type { Address } from '../../protocol/ids.ts';
import type { StandingRule } from './StandingRule.ts';

/**
 * Returns a rule with its parties' addresses as requests name them. A rule that kept the capitals of EIP-55 would be about
 * nobody, and its denial would deny nothing.
 *
 * @param rule - The rule; its addresses may have capitals.
 */
export function inSmallLetters(rule: StandingRule): StandingRule {
  const { parties } = rule;
  if (parties === undefined) return rule;
  return { ...rule, parties: parties.map((each) => each.toLowerCase() as Address) };
}
