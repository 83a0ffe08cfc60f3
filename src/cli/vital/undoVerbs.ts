import { readLife } from '../../client/vital/readLife.ts';
import { signUndoing, undoDeath } from '../../client/vital/undoDeath.ts';
import { visibleText } from '../../errors/visibleText.ts';
import { signedShape } from '../../protocol/shapes/messageShape.ts';
import { findContact, findPatient, namesOf } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { calledAs } from '../program/calledAs.ts';
import { told } from './deathVerbs.ts';
import { vitalInWords } from './describeLife.ts';
import { hashOfFile, readOpening, writeOpening } from './openings.ts';
import type { DEATH_TOLD, UNDOING_SIGNED } from './vitalAnswers.ts';

/** Options of `medseal death undo`. */
export interface UndoOptions extends VisitorOptions {
  readonly evidence: string;
  readonly reason: string;
  readonly second: string;
  readonly out: string;
}

/** Seconds that the second party has to sign. */
const WITHIN = 86_400;

/**
 * Signs that a death was recorded by mistake, as the first of two.
 *
 * @param terminal - Shows what is signed and asks.
 * @param who - The patient.
 * @param options - See `medseal death undo --help`.
 * @throws MedsealError what `signUndoing` throws.
 */
export async function undoVerb(
  terminal: Terminal,
  who: string,
  options: UndoOptions,
): Promise<AnswerOf<typeof UNDOING_SIGNED>> {
  const { evidence, reason, out } = options;
  const visitor = await openVisitor(terminal, options);
  const { party, key } = visitor;
  const { handle, name } = await findPatient(visitor, who);
  const content = await hashOfFile(visitor, evidence);
  const { name: other, facts } = await findContact(visitor, options.second);
  await terminal.confirm([
    `You are about to sign, as ${key.name} (${party.address}):`,
    '',
    `  the death of ${name} (${short(handle)}) was recorded by mistake: ${visibleText(reason, 96)}`,
    `  with the evidence ${evidence}`,
    '',
    `It counts once ${other} (${facts.organisation}) has signed it too, within a day.`,
  ]);
  terminal.progress.stage('asking the coordinators');
  const second = facts.party;
  const wanted = { handle, content, reason, second, within: WITHIN };
  const signed = await signUndoing(party, wanted);
  await writeOpening(out, signed);
  const { death } = signed.message;
  return {
    value: { handle, death, second, file: out },
    lines: [
      `It is in ${out}. Hand it to ${other}, who has a day: ${calledAs(`death agree ${out}`)}`,
    ],
  };
}

/**
 * Signs as the second party that a death was recorded by mistake, and undoes it.
 *
 * @param terminal - Shows what is signed and asks.
 * @param file - The file of the first party.
 * @param options - See `medseal death agree --help`.
 * @throws MedsealError what `undoDeath` throws.
 */
export async function agreeVerb(
  terminal: Terminal,
  file: string,
  options: VisitorOptions,
): Promise<AnswerOf<typeof DEATH_TOLD>> {
  const visitor = await openVisitor(terminal, options);
  const { party, key } = visitor;
  const signed = await readOpening(file, signedShape('UndoDeath'), 'signed undoing of a death');
  const { handle, terms, first } = signed.message;
  const names = await namesOf(visitor);
  const nameOf = (word: string): string => names.get(word) ?? short(word);
  await terminal.confirm([
    `You are about to sign, as ${key.name} (${party.address}):`,
    '',
    `  the death of ${nameOf(handle)} was recorded by mistake: ${visibleText(terms.reason, 96)}`,
    `  as ${nameOf(first)} says, with evidence whose SHA-256 is ${terms.content}`,
    '',
    'Every right is then again as it was before.',
  ]);
  terminal.progress.stage('waiting for the ledger');
  await undoDeath(party, signed).catch((error: unknown) => {
    throw vitalInWords(error);
  });
  return await told(visitor, handle, await readLife(party, handle));
}
