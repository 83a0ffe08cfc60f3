import { applyRules } from '../../client/rules/applyRules.ts';
import { addRule, readRules } from '../../client/rules/changeRules.ts';
import { previewRules } from '../../client/rules/previewRules.ts';
import { findPatient, namesOf } from '../contact/findContact.ts';
import { confirmSigningOn } from '../home/confirmSigning.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import {
  appliedForPrograms,
  describeApplied,
  describePreview,
  describeRule,
} from './describeRules.ts';
import { ruleOf, type RuleOptions } from './ruleOf.ts';
import type { RULES_APPLIED } from './ruleAnswers.ts';

/**
 * Adds a standing rule once the patient has seen its effect, and gives and ends rights accordingly.
 */
export async function addRuleVerb(
  terminal: Terminal,
  name: string,
  options: RuleOptions,
): Promise<AnswerOf<typeof RULES_APPLIED>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  await findPatient(visitor, undefined);
  const rule = await ruleOf(visitor, name, options);
  const names = await namesOf(visitor);
  const before = await readRules(party);
  const already = before.some((each) => each.name === name);
  if (!already) {
    terminal.progress.stage('counting records');
    const preview = await previewRules(party, [...before, rule]);
    await confirmSigningOn(terminal, visitor, `the rule "${name}"`, [
      `  ${describeRule(rule, names)}`,
      '',
      ...describePreview(preview, names),
      '',
      'Ending a right cannot undo what was read before.',
    ]);
  }
  await addRule(party, rule);
  terminal.progress.stage('giving and ending rights, and waiting for the ledger');
  const applied = await applyRules(party);
  return {
    ok: applied.failed.length === 0,
    value: appliedForPrograms(applied, already),
    lines: [
      `The rule "${name}" ${already ? 'stood before' : 'stands'}.`,
      ...describeApplied(applied, names),
    ],
  };
}
