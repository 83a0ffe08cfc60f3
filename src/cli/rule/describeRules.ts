import type { RulesApplied } from '../../client/rules/applyRules.ts';
import type { RulesPreview } from '../../client/rules/previewRules.ts';
import type { StandingRule } from '../../client/rules/StandingRule.ts';
import type { Address } from '../../protocol/ids.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { describeMoment, describePurpose, short } from '../describeBody.ts';
import { describeRight } from '../right/describeRight.ts';
import { termsOf } from '../right/grant.ts';
import type { RULES_APPLIED, RULES_PREVIEWED } from './ruleAnswers.ts';

/** Names of parties, for people. */
export type Names = ReadonlyMap<string, string>;

/**
 * Describes a rule in plain words.
 *
 * @param rule - The rule.
 * @param names - Names of parties.
 */
export function describeRule(rule: StandingRule, names: Names): string {
  const { parties, categories, until } = rule;
  const who = parties?.map((each) => nameOf(each, names)).join(', ') ?? 'nobody';
  const what = categories?.join(', ') ?? 'anything';
  const end = until === undefined ? 'until further notice' : `until ${describeMoment(until)}`;
  if (rule.kind === 'deny') {
    return `${who} may ${parties ? 'not ' : ''}use ${what}, ${end}`;
  }
  const { actions, purpose } = rule;
  return `${who} may ${actions.join(', ')} ${what}, for ${describePurpose(purpose)}, ${end}`;
}

/**
 * Describes what rules would change, and how much others could see then.
 *
 * @param preview - The preview.
 * @param names - Names of parties.
 */
export function describePreview(
  { plan, people, seen, records, seenBy }: RulesPreview,
  names: Names,
): readonly string[] {
  const whom = people === 1 ? '1 person' : `${people} people`;
  return [
    `With this, ${whom} could see ${seen} of your ${records} records.`,
    ...[...seenBy].map(([who, count]) => `  ${nameOf(who, names)}: ${count}`),
    ...(plan.end.length > 0 ? ['', 'These rights end:'] : []),
    ...plan.end.map(({ grant: { terms } }) => {
      return `  ${nameOf(terms.grantee, names)} may ${describeRight(terms)}`;
    }),
    ...(plan.give.length > 0 ? ['', 'These rights are given:'] : []),
    ...plan.give.map((right) => {
      return `  ${nameOf(right.grantee, names)} may ${describeRight(termsOf(right))}`;
    }),
    ...plan.unknown.map(
      (digest) => `No device of yours knows ${short(digest)}: it stays as it is.`,
    ),
  ];
}

/**
 * Describes what was given and ended.
 *
 * @param applied - Rights that were changed.
 * @param names - Names of parties.
 */
export function describeApplied(
  { given, ended, failed }: RulesApplied,
  names: Names,
): readonly string[] {
  return [
    ...given.map(({ grant: { terms } }) => {
      return `${nameOf(terms.grantee, names)} may now ${describeRight(terms)}.`;
    }),
    ...ended.map((digest) => `Ended: ${short(digest)}`),
    ...failed.map(({ party, code }) => `${nameOf(party, names)} was given nothing [${code}].`),
  ];
}

/** The preview, for programs. */
export function previewForPrograms(preview: RulesPreview): Of<typeof RULES_PREVIEWED> {
  const { plan, people, seen, records } = preview;
  const end = plan.end.map(({ digest }) => digest);
  return { people, seen, records, give: plan.give.length, end };
}

/** Applied rules, for programs. */
export function appliedForPrograms(
  { given, ended, failed, unknown }: RulesApplied,
  already: boolean,
): Of<typeof RULES_APPLIED> {
  const told = given.map(({ digest, grant: { terms } }) => ({ grant: digest, terms }));
  return { already, given: told, ended, failed, unknown };
}

function nameOf(party: Address, names: Names): string {
  return names.get(party) ?? short(party);
}
