import { applyRules } from '../../client/rules/applyRules.ts';
import { readRules, removeRule } from '../../client/rules/changeRules.ts';
import { previewRules } from '../../client/rules/previewRules.ts';
import { findPatient, namesOf } from '../contact/findContact.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { appliedForPrograms, describeApplied, describePreview } from './describeRules.ts';
import type { RULES_APPLIED } from './ruleAnswers.ts';

/**
 * Removes a standing rule once the patient has seen the effect. A rule that is not there needs no end: it is safe to
 * repeat.
 */
export async function removeRuleVerb(
  terminal: Terminal,
  name: string,
  options: VisitorOptions,
): Promise<AnswerOf<typeof RULES_APPLIED>> {
  const visitor = await openVisitor(terminal, options);
  const { party, key } = visitor;
  await findPatient(visitor, undefined);
  const names = await namesOf(visitor);
  const before = await readRules(party);
  const left = before.filter((rule) => rule.name !== name);
  const already = left.length === before.length;
  if (!already) {
    terminal.progress.stage('counting records');
    const preview = await previewRules(party, left);
    await terminal.confirm([
      `You are about to remove, as ${key.name} (${party.address}), the rule "${name}".`,
      '',
      ...describePreview(preview, names),
    ]);
  }
  await removeRule(party, name);
  terminal.progress.stage('giving and ending rights, and waiting for the ledger');
  const applied = await applyRules(party);
  return {
    ok: applied.failed.length === 0,
    value: appliedForPrograms(applied, already),
    lines: [
      already ? `There is no rule "${name}" now.` : `Removed the rule "${name}".`,
      ...describeApplied(applied, names),
    ],
  };
}
