import { extendRight } from '../../client/letters/rightReports.ts';
import { listGrants } from '../../client/rights/listGrants.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { findContact } from '../contact/findContact.ts';
import { confirmSigningOn } from '../home/confirmSigning.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { describeRight, describeTold } from '../right/describeRight.ts';
import { untilOf } from '../right/grant.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { mistakeForPrograms } from './describeMistake.ts';
import { findTold } from './findTold.ts';
import type { MISTAKE_SENT } from './mistakeAnswers.ts';
import type { RIGHT_EXTEND } from './mistakeOptions.ts';

/**
 * Extends a right as its grantee asked.
 *
 * @throws MedsealError `ARGUMENT_INVALID`; what `extendRight` throws.
 */
export async function extendRightVerb(
  terminal: Terminal,
  id: string,
  options: VisitorOptions & OptionsOf<typeof RIGHT_EXTEND>,
): Promise<AnswerOf<typeof MISTAKE_SENT>> {
  const { visitor, mistake: wish } = await findTold(terminal, id, options);
  const { party } = visitor;
  const until = options.until === undefined ? wish.until : untilOf(visitor, options.until);
  if (wish.topic !== 'extension' || until === undefined) {
    throw new MedsealError('ARGUMENT_INVALID', { argument: id, reason: 'it asks for no right' });
  }
  const given = await listGrants(party);
  const found = given.find(({ digest }) => digest === wish.about.entry)?.grant;
  if (found === undefined) throw new MedsealError('RIGHT_ENDED', {});
  const { name, facts } = await findContact(visitor, wish.by);
  const terms = { ...found.terms, until };
  await confirmSigningOn(terminal, visitor, 'on your chart', [
    `  ${name} (${facts.party}), a ${facts.role} of ${facts.organisation}, may`,
    `  ${describeRight(terms)}`,
    ...describeTold(terms),
    '',
    'Ending a right cannot undo what was read before.',
  ]);
  terminal.progress.stage('sealing keys, and waiting for the ledger');
  const { words } = options;
  const answered = await extendRight(party, {
    id: wish.id,
    until,
    ...(words !== undefined && { words }),
  });
  return {
    value: { mistake: mistakeForPrograms(answered) },
    lines: [`${name} may now ${describeRight(terms)}.`, `Grant ${answered.answer?.grant ?? ''}`],
  };
}
