import { answerMistake } from '../../client/letters/mistakes.ts';
import { namesOf } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { mistakeForPrograms } from './describeMistake.ts';
import { findTold } from './findTold.ts';
import type { MISTAKE_SENT } from './mistakeAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { MISTAKE_REPLY } from './mistakeOptions.ts';

/**
 * Answers a report of a mistake with words.
 *
 * @throws MedsealError `ARGUMENT_INVALID`; what `answerMistake` throws.
 */
export async function answerMistakeVerb(
  terminal: Terminal,
  id: string,
  options: VisitorOptions & OptionsOf<typeof MISTAKE_REPLY>,
): Promise<AnswerOf<typeof MISTAKE_SENT>> {
  const { visitor, mistake } = await findTold(terminal, id, options);
  const { party, key } = visitor;
  const name = (await namesOf(visitor)).get(mistake.by) ?? short(mistake.by);
  await terminal.confirm([
    `You are about to send, as ${key.name} (${party.address}), to ${name} alone:`,
    '',
    `  ${options.words}`,
  ]);
  const answered = await answerMistake(party, { id: mistake.id, words: options.words });
  return {
    value: { mistake: mistakeForPrograms(answered) },
    lines: [`The answer went to ${name}.`],
  };
}
