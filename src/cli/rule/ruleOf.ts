import { requireSoundRule } from '../../client/rules/changeRules.ts';
import type { StandingRule } from '../../client/rules/StandingRule.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address } from '../../protocol/ids.ts';
import { findContact } from '../contact/findContact.ts';
import type { Visitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { untilOf } from '../right/grant.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { RULE } from './ruleOptions.ts';

/** Options that describe a rule. */
export type RuleOptions = VisitorOptions & OptionsOf<typeof RULE>;

const USUAL_RENEWAL = 90 * 86_400;

/**
 * Puts a rule together from the command line, and confirms its parties.
 *
 * @throws MedsealError `ARGUMENT_INVALID`, `RIGHT_INVALID`, `PARTY_UNKNOWN`, `KEY_UNAUTHENTIC`.
 */
export async function ruleOf(
  visitor: Visitor,
  name: string,
  options: RuleOptions,
): Promise<StandingRule> {
  const { category: categories, until: end, renew, deny = false } = options;
  const parties: Address[] = [];
  for (const who of (options.who ?? []).flatMap((each) => each.split(','))) {
    parties.push((await findContact(visitor, who.trim())).facts.party);
  }
  const until = end && { until: untilOf(visitor, end) };
  if (deny) {
    for (const each of ['action', 'purpose', 'renew'] as const) {
      if (options[each] !== undefined) throw invalid(`--${each}`, 'a denial is of every use');
    }
    if (parties.length === 0 && categories === undefined) {
      throw invalid('rule', 'give --who or --category, so that it does not deny everything');
    }
    const about = { ...(parties.length > 0 && { parties }), ...(categories && { categories }) };
    return sound(visitor, { name, kind: 'deny', ...about, ...until });
  }
  if (parties.length === 0) throw invalid('--who', 'name the contacts that get the right');
  if (categories === undefined) throw invalid('--category', 'name what it covers');
  return sound(visitor, {
    name,
    kind: 'permit',
    parties,
    categories,
    actions: options.action ?? ['read'],
    purpose: options.purpose ?? 'TREAT',
    renew: renew ?? USUAL_RENEWAL,
    ...until,
  });
}

function sound({ party }: Visitor, rule: StandingRule): StandingRule {
  requireSoundRule(party, rule);
  return rule;
}

function invalid(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
