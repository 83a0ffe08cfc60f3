import { checkInbox } from '../../client/care/inbox/checkInbox.ts';
import { readMistakes } from '../../client/letters/keptMistakes.ts';
import { seconds } from '../../protocol/Clock.ts';
import { namesOf } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { describeMistake, mistakeForPrograms } from './describeMistake.ts';
import type { MISTAKES_LISTED } from './mistakeAnswers.ts';

/**
 * Takes the letters that wait for the visitor, and lists the reports of mistakes with their answers.
 */
export async function listMistakes(
  terminal: Terminal,
  options: VisitorOptions,
): Promise<AnswerOf<typeof MISTAKES_LISTED>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  terminal.progress.stage('asking the nodes');
  await checkInbox(party);
  const mistakes = await readMistakes(party);
  const names = await namesOf(visitor);
  const nameOf = (word: string): string => names.get(word) ?? short(word);
  const now = seconds(party.clock);
  const lines = mistakes.flatMap((each) => describeMistake(each, party.address, nameOf, now));
  return {
    value: {
      reported: mistakes.filter(({ by }) => by === party.address).map(mistakeForPrograms),
      told: mistakes.filter(({ to }) => to === party.address).map(mistakeForPrograms),
    },
    lines: lines.length === 0 ? ['There are no reports of mistakes.'] : lines,
  };
}
