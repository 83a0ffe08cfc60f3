import {
  approveAccess,
  declineAccess,
  readAsked,
  readAskedFor,
  withdrawRequest,
  type AccessAsked,
} from '../../client/letters/accessRequests.ts';
import { checkInbox } from '../../client/care/inbox/checkInbox.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { findContact, findPatient, namesOf } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { confirmSigning, confirmSigningOn } from '../home/confirmSigning.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { describeRight, describeTold } from './describeRight.ts';
import { untilOf } from './grant.ts';
import { calledAs } from '../program/calledAs.ts';
import type { REQUEST_APPROVED, REQUEST_DENIED } from './rightAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { RIGHT_APPROVE } from './rightOptions.ts';

/** Gives what somebody asked for. */
export async function approveRequest(
  terminal: Terminal,
  id: string,
  options: VisitorOptions & OptionsOf<typeof RIGHT_APPROVE>,
): Promise<AnswerOf<typeof REQUEST_APPROVED>> {
  const { visitor, asked } = await findToPatient(terminal, id, options);
  const { party } = visitor;
  const { terms } = asked.request.message;
  const until = options.until === undefined ? terms.until : untilOf(visitor, options.until);
  const { name, facts } = await findContact(visitor, asked.request.party);
  await confirmSigningOn(terminal, visitor, 'on your chart', [
    `  ${name} (${facts.party}), a ${facts.role} of ${facts.organisation}, may`,
    `  ${describeRight({ ...terms, until })}`,
    ...describeTold(terms),
    '',
    'Ending a right cannot undo what was read before.',
  ]);
  terminal.progress.stage('sealing keys, and waiting for the ledger');
  const { digest, grant } = await approveAccess(party, asked, until);
  return {
    value: { request: asked.digest, grant: digest, terms: grant.terms },
    lines: [`${name} may now ${describeRight(grant.terms)}.`, `Grant ${digest}`],
  };
}

/** Declines what somebody asked for. */
export async function deny(
  terminal: Terminal,
  id: string,
  options: VisitorOptions,
): Promise<AnswerOf<typeof REQUEST_DENIED>> {
  const { visitor, asked } = await findToPatient(terminal, id, options);
  const { party } = visitor;
  const { name } = await findContact(visitor, asked.request.party);
  await confirmSigning(terminal, visitor, [
    `  a refusal to ${name}, who asked to ${describeRight(asked.request.message.terms)}`,
  ]);
  await declineAccess(party, asked);
  return { value: { request: asked.digest }, lines: [`The refusal went to ${name}.`] };
}

/** Withdraws what the visitor asked for. */
export async function withdraw(
  terminal: Terminal,
  id: string,
  options: VisitorOptions,
): Promise<AnswerOf<typeof REQUEST_DENIED>> {
  const visitor = await openVisitor(terminal, options);
  const { party, key } = visitor;
  const asked = await findRequest(visitor, id, async () => {
    return (await readAskedFor(party)).filter(({ answer }) => answer === undefined);
  });
  const { handle, terms } = asked.request.message;
  const name = (await namesOf(visitor)).get(handle) ?? short(handle);
  await terminal.confirm([
    `You are about to withdraw, as ${key.name} (${party.address}):`,
    '',
    `  your request to ${name}: to ${describeRight(terms)}`,
  ]);
  await withdrawRequest(party, asked);
  return { value: { request: asked.digest }, lines: [`The request to ${name} is withdrawn.`] };
}

async function findToPatient(
  terminal: Terminal,
  id: string,
  options: VisitorOptions,
): Promise<{ readonly visitor: Visitor; readonly asked: AccessAsked }> {
  const visitor = await openVisitor(terminal, options);
  await findPatient(visitor, undefined);
  const asked = await findRequest(visitor, id, async () => await readAsked(visitor.party));
  return { visitor, asked };
}

/** Finds an open request on the device, or in the letters that wait. */
async function findRequest(
  { party }: Visitor,
  id: string,
  read: () => Promise<readonly AccessAsked[]>,
): Promise<AccessAsked> {
  const find = async (): Promise<readonly AccessAsked[]> =>
    (await read()).filter(({ digest }) => digest.startsWith(id));
  let found = await find();
  if (found.length === 0) {
    await checkInbox(party);
    found = await find();
  }
  const [asked, another] = /^0x[0-9a-f]{4,64}$/.test(id) ? found : [];
  if (asked !== undefined && another === undefined) return asked;
  const reason =
    another === undefined
      ? `there is no open request with this id; "${calledAs('inbox')}" lists open requests`
      : `several ids begin like this, such as ${short(another.digest)}; give more of the id`;
  throw new MedsealError('ARGUMENT_INVALID', { argument: id, reason });
}
