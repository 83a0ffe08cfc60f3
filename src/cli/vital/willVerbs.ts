import { listGrants } from '../../client/rights/listGrants.ts';
import { handOverWill } from '../../client/care/vital/handOverWill.ts';
import { readWill } from '../../client/care/vital/readWill.ts';
import { setWill } from '../../client/care/vital/setWill.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import type { Will } from '../../protocol/care/vitalRecords.ts';
import { findPatient, namesOf } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import { calledAs } from '../program/calledAs.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { describeRight } from '../right/describeRight.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { vitalInWords } from './describeLife.ts';
import type { WILL_HANDED_OVER, WILL_TOLD } from './vitalAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { WILL_SET } from './vitalOptions.ts';

/**
 * Sets which rights hold on after the visitor's death.
 *
 * @throws MedsealError what `setWill` throws; `ARGUMENT_INVALID` for a grant that is not there.
 */
export async function setVerb(
  terminal: Terminal,
  options: VisitorOptions & OptionsOf<typeof WILL_SET>,
): Promise<AnswerOf<typeof WILL_TOLD>> {
  const { keep = [], for: lasts } = options;
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const { handle } = await findPatient(visitor, undefined);
  const grants = await grantsNamed(visitor, keep);
  const before = await readWill(party);
  const { terms } = before.will ?? {};
  if (terms?.lasts === lasts && isSameSet(terms.grants, grants)) {
    return await told(visitor, handle, before, true);
  }
  await confirmSigning(terminal, visitor, [
    '  after my death',
    ...(await linesOf(visitor, { grants, lasts })).map((line) => `  ${line}`),
    '',
    'It replaces every will before. It gives reading alone, and no right longer than it holds.',
  ]);
  terminal.progress.stage('waiting for the ledger');
  const { will } = await setWill(party, { handle, grants, lasts }).catch((error: unknown) => {
    throw vitalInWords(error);
  });
  const answer = await told(visitor, handle, { number: will.number, will }, false);
  const next = `Next: ${calledAs('will hand-over')}, so that they can read.`;
  return { ...answer, lines: [...answer.lines, ...(grants.length === 0 ? [] : [next])] };
}

/** Shows the visitor's will. */
export async function showWill(
  terminal: Terminal,
  options: VisitorOptions,
): Promise<AnswerOf<typeof WILL_TOLD>> {
  const visitor = await openVisitor(terminal, options);
  const { handle } = await findPatient(visitor, undefined);
  terminal.progress.stage('asking the coordinators');
  return await told(visitor, handle, await readWill(visitor.party));
}

/**
 * Sends the will to those whose rights it names.
 *
 * @throws MedsealError what `handOverWill` throws.
 */
export async function handOverVerb(
  terminal: Terminal,
  options: VisitorOptions,
): Promise<AnswerOf<typeof WILL_HANDED_OVER>> {
  const visitor = await openVisitor(terminal, options);
  await findPatient(visitor, undefined);
  terminal.progress.stage('sending the will');
  const { told: parties, unknown } = await handOverWill(visitor.party);
  const names = await namesOf(visitor);
  const who = parties.map((each) => names.get(each) ?? short(each)).join(', ');
  return {
    value: { told: parties, unknown },
    lines: [
      parties.length === 0 ? 'The will names nobody.' : `The will was sent to ${who}.`,
      ...unknown.map((grant) => `No device of yours knows the right ${short(grant)} of the will.`),
    ],
  };
}

async function told(
  visitor: Visitor,
  handle: Handle,
  { number, will }: { readonly number: number; readonly will?: Will },
  already?: boolean,
): Promise<AnswerOf<typeof WILL_TOLD>> {
  return {
    value: {
      handle,
      number,
      ...(will && { grants: will.terms.grants, lasts: will.terms.lasts }),
      ...(already !== undefined && { already }),
    },
    lines: await wordsOf(visitor, number, will),
  };
}

async function wordsOf(
  visitor: Visitor,
  number: number,
  will: Will | undefined,
): Promise<readonly string[]> {
  if (number === 0) return ['There is no will: after your death every right ends.'];
  if (will === undefined)
    return [`Will ${number} is on the ledger, and no device of yours has it. Set it again.`];
  return [`Will ${number}: after your death`, ...(await linesOf(visitor, will.terms))];
}

async function linesOf(
  visitor: Visitor,
  { grants, lasts }: Pick<Will['terms'], 'grants' | 'lasts'>,
): Promise<readonly string[]> {
  if (grants.length === 0) return ['  every right ends'];
  const names = await namesOf(visitor);
  const listed = await listGrants(visitor.party);
  return [
    ...grants.map((digest) => {
      const terms = listed.find((each) => each.digest === digest)?.grant?.terms;
      if (terms === undefined) return `  ${short(digest)} is a right that has ended`;
      return `  ${names.get(terms.grantee) ?? short(terms.grantee)} may still ${describeRight({ ...terms, add: false, amend: false })}`;
    }),
    `  for ${Math.ceil(lasts / 86_400)} days after it is confirmed; every other right ends`,
  ];
}

/** Digests of the visitor's grants that were named by the beginnings of their ids. */
async function grantsNamed(
  { party }: Visitor,
  ids: readonly string[],
): Promise<readonly Bytes32[]> {
  if (ids.length === 0) return [];
  const listed = await listGrants(party);
  const named = ids.map((id) => {
    const found = listed.filter(({ digest }) => digest.startsWith(id.toLowerCase()));
    const [only, other] = found;
    if (only !== undefined && other === undefined && id.length >= 6) {
      if (only.grant?.terms.read === false) throw refused(id, 'this right does not give reading');
      return only.digest;
    }
    throw refused(id, 'give the beginning of one grant’s id; "medseal grants" lists them');
  });
  return [...new Set(named)];
}

function refused(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each) => other.includes(each));
}
