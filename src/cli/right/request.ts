import { requestAccess, type AccessWanted } from '../../client/letters/accessRequests.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { findPatient } from '../contact/findContact.ts';
import { describeMoment, short } from '../describeBody.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { describeRight } from './describeRight.ts';
import { termsOf, untilOf } from './grant.ts';
import { calledAs } from '../program/calledAs.ts';
import type { ACCESS_REQUESTED } from './rightAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { RIGHT_REQUEST } from './rightOptions.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';

/**
 * Asks a patient for a right.
 *
 * @throws MedsealError `ARGUMENT_INVALID`; what `requestAccess` throws.
 */
export async function request(
  terminal: Terminal,
  who: string,
  options: VisitorOptions & OptionsOf<typeof RIGHT_REQUEST>,
): Promise<AnswerOf<typeof ACCESS_REQUESTED>> {
  const { category: categories, action: actions, purpose, record } = options;
  if (categories === undefined) {
    const reason = 'give --category, and --record for one record of it';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'request', reason });
  }
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const { handle, name } = await findPatient(visitor, who);
  const until = untilOf(visitor, options.until);
  const wanted: AccessWanted = {
    handle,
    categories,
    actions,
    purpose,
    until,
    ...(record && { record }),
  };
  await confirmSigning(terminal, visitor, [
    `  a request to ${name}, to be allowed to`,
    `  ${describeRight(termsOf({ grantee: party.address, ...wanted }))}`,
  ]);
  terminal.progress.stage('sending the request');
  const { digest, request: signed, entry } = await requestAccess(party, wanted);
  const { deadline } = signed.message;
  return {
    value: {
      request: digest,
      handle,
      deadline,
      ...(entry && { log: entry.log, index: entry.index }),
    },
    lines: [
      `The request ${short(digest)} went to ${name}; it is open until ${describeMoment(deadline)}.`,
      `Next: ${calledAs('inbox')} shows the answer.`,
    ],
  };
}
