import { readRules } from '../../client/rules/changeRules.ts';
import { previewRules } from '../../client/rules/previewRules.ts';
import { findPatient, namesOf } from '../contact/findContact.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { describePreview, describeRule, previewForPrograms } from './describeRules.ts';
import { ruleOf, type RuleOptions } from './ruleOf.ts';
import type { RULES_PREVIEWED } from './ruleAnswers.ts';

/** Shows what a rule would change, or what the rules come to. */
export async function previewRule(
  terminal: Terminal,
  name: string | undefined,
  options: RuleOptions,
): Promise<AnswerOf<typeof RULES_PREVIEWED>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  await findPatient(visitor, undefined);
  const rule = name === undefined ? undefined : await ruleOf(visitor, name, options);
  const names = await namesOf(visitor);
  const standing = await readRules(party);
  const preview = await previewRules(party, [...standing, ...(rule ? [rule] : [])]);
  return {
    value: previewForPrograms(preview),
    lines: [
      ...(rule ? [describeRule(rule, names), ''] : []),
      ...describePreview(preview, names),
      '',
      'Nothing was changed.',
    ],
  };
}
