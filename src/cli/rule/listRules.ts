import { readRules } from '../../client/rules/changeRules.ts';
import { findPatient, namesOf } from '../contact/findContact.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { describeRule } from './describeRules.ts';
import type { RULES_LISTED } from './ruleAnswers.ts';

/** Lists the visitor's standing rules. */
export async function listRules(
  terminal: Terminal,
  options: VisitorOptions,
): Promise<AnswerOf<typeof RULES_LISTED>> {
  const visitor = await openVisitor(terminal, options);
  await findPatient(visitor, undefined);
  const rules = await readRules(visitor.party);
  const names = await namesOf(visitor);
  return {
    value: { rules },
    lines:
      rules.length === 0
        ? ['You have no standing rules.']
        : rules.map((rule) => `${rule.name}: ${describeRule(rule, names)}`),
  };
}
