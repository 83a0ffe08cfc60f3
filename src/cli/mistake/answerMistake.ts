import { checkInbox } from '../../client/care/inbox/checkInbox.ts';
import { readMistakes } from '../../client/letters/keptMistakes.ts';
import { answerMistake } from '../../client/letters/mistakes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { namesOf } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { openVisitor } from '../home/openVisitor.ts';
import { calledAs } from '../program/calledAs.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { mistakeForPrograms } from './describeMistake.ts';
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
  const visitor = await openVisitor(terminal, options);
  const { party, key } = visitor;
  await checkInbox(party);
  const told = (await readMistakes(party)).filter(({ to }) => to === party.address);
  const found = told.filter((each) => each.id.startsWith(id));
  const [mistake, another] = /^0x[0-9a-f]{4,64}$/.test(id) ? found : [];
  if (mistake === undefined || another !== undefined) {
    const reason =
      another === undefined
        ? `nobody told you of a mistake with this id; "${calledAs('mistake list')}" lists reports`
        : `several ids begin like this, such as ${short(another.id)}; give more of the id`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: id, reason });
  }
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
