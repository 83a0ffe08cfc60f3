import { applyRules } from '../../client/rules/applyRules.ts';
import { findPatient, namesOf } from '../contact/findContact.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { appliedForPrograms, describeApplied } from './describeRules.ts';
import type { RULES_APPLIED } from './ruleAnswers.ts';

/** Renews the rights of the visitor's rules, and ends what they deny. */
export async function applyRulesVerb(
  terminal: Terminal,
  options: VisitorOptions,
): Promise<AnswerOf<typeof RULES_APPLIED>> {
  const visitor = await openVisitor(terminal, options);
  await findPatient(visitor, undefined);
  terminal.changing();
  terminal.progress.stage('giving and ending rights, and waiting for the ledger');
  const applied = await applyRules(visitor.party);
  const lines = describeApplied(applied, await namesOf(visitor));
  const already = lines.length === 0;
  return {
    ok: applied.failed.length === 0,
    value: appliedForPrograms(applied, already),
    lines: already ? ['Your rights are what your rules say.'] : lines,
  };
}
