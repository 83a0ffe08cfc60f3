import { askAboutRight } from '../../client/letters/rightReports.ts';
import { namesOf } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { openVisitor } from '../home/openVisitor.ts';
import { calledAs } from '../program/calledAs.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { describeRight } from '../right/describeRight.ts';
import { untilOf } from '../right/grant.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { mistakeForPrograms } from './describeMistake.ts';
import { findRightMeant } from './findRightMeant.ts';
import type { MISTAKE_SENT } from './mistakeAnswers.ts';
import type { RIGHT_ASKED } from './mistakeOptions.ts';

/**
 * Asks the patient to extend a right of the visitor, or asks about a right that the visitor gave.
 *
 * @throws MedsealError `ARGUMENT_INVALID`; what `askAboutRight` throws.
 */
export async function askAboutRightVerb(
  terminal: Terminal,
  named: string,
  options: VisitorOptions & OptionsOf<typeof RIGHT_ASKED>,
): Promise<AnswerOf<typeof MISTAKE_SENT>> {
  const visitor = await openVisitor(terminal, options);
  const { party, key } = visitor;
  const { digest, grant } = await findRightMeant(visitor, named);
  const { handle, terms } = grant;
  const until = options.until && untilOf(visitor, options.until);
  const other = terms.grantee === party.address ? handle : terms.grantee;
  const name = (await namesOf(visitor)).get(other) ?? short(other);
  const asked =
    until === undefined
      ? 'a question about this right'
      : `the wish that this right ends only on ${new Date(until * 1000).toISOString()}`;
  await terminal.confirm([
    `You are about to send, as ${key.name} (${party.address}), to ${name} alone:`,
    '',
    `  ${asked}: ${describeRight(terms)}`,
    `  ${options.words}`,
  ]);
  terminal.progress.stage('sending it');
  const mistake = await askAboutRight(party, { right: digest, words: options.words, until });
  return {
    value: { mistake: mistakeForPrograms(mistake) },
    lines: [`It went to ${name}.`, `Next: ${calledAs('inbox')} shows the answer.`],
  };
}
