import { handOver } from '../../client/letters/accessRequests.ts';
import { grantRight, requireSoundRight, type RightGiven } from '../../client/rights/grantRight.ts';
import type { KnownGrant } from '../../client/state/PatientState.ts';
import { standingRights } from '../../client/rights/standingRights.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import type { Terms } from '../../protocol/struct/requests.ts';
import { ACTIONS } from '../../protocol/vocabulary.ts';
import { findContact, findPatient } from '../contact/findContact.ts';
import type { NamedMoment } from '../program/duration.ts';
import { confirmSigningOn } from '../home/confirmSigning.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import { findRecord, openChart } from '../record/chart.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';
import { describeRight, describeTold } from './describeRight.ts';
import type { GRANT_GIVEN } from './rightAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { RIGHT_GRANT } from './rightOptions.ts';

type GrantOptions = VisitorOptions & OptionsOf<typeof RIGHT_GRANT>;

/**
 * Gives a right, unless the same one stands already.
 *
 * @throws MedsealError `ARGUMENT_INVALID`, `KEY_UNAUTHENTIC`, `PARTY_UNKNOWN`, `PARTY_SUSPENDED`.
 */
export async function grant(
  terminal: Terminal,
  who: string,
  options: GrantOptions,
): Promise<AnswerOf<typeof GRANT_GIVEN>> {
  const { action: actions, purpose } = options;
  if ((options.category === undefined) === (options.record === undefined)) {
    const reason = 'give either --category or --record';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'grant', reason });
  }
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const patient = await findPatient(visitor, undefined);
  const until = untilOf(visitor, options.until);
  const { name, facts } = await findContact(visitor, who);
  const scope = await scopeOf(visitor, options);
  const right: RightGiven = { grantee: facts.party, ...scope, actions, purpose, until };
  requireSoundRight(party, right);
  const [standing] = await standingRights(party, [right]);
  if (standing !== undefined) {
    const { terms } = standing.grant;
    const told = await deliver(terminal, visitor, standing, options);
    return {
      value: { grant: standing.digest, already: true, terms, ...told },
      lines: [`${name} may already ${describeRight(terms)}.`, `Grant ${standing.digest}`],
    };
  }
  await confirmSigningOn(terminal, visitor, `on the chart of ${patient.name}`, [
    `  ${name} (${facts.party}), a ${facts.role} of ${facts.organisation}, may`,
    `  ${describeRight(termsOf(right))}`,
    ...describeTold(termsOf(right)),
    '',
    'Ending a right cannot undo what was read before.',
  ]);
  terminal.progress.stage('sealing keys, and waiting for the ledger');
  const given = await grantRight(party, right);
  const told = await deliver(terminal, visitor, given, options);
  const { digest, placed } = given;
  const { transaction, block } = placed;
  return {
    value: { grant: digest, already: false, terms: given.grant.terms, transaction, block, ...told },
    lines: [
      `${name} may now ${describeRight(given.grant.terms)}.`,
      `Grant ${digest}`,
      `Ledger ${transaction}, block ${block}`,
    ],
  };
}

/** The moment that was named, which must be ahead. */
export function untilOf({ party }: Visitor, until: NamedMoment): number {
  const now = seconds(party.clock);
  const at = 'at' in until ? until.at : now + until.inSeconds;
  if (at > now) return at;
  throw new MedsealError('ARGUMENT_INVALID', {
    argument: '--until',
    reason: 'the time has passed',
  });
}

async function scopeOf(
  visitor: Visitor,
  { record, category }: GrantOptions,
): Promise<Pick<RightGiven, 'categories' | 'record'>> {
  if (record === undefined) return { categories: category ?? [] };
  const patient = await findPatient(visitor, undefined);
  const found = findRecord(await openChart(visitor, patient, {}), record);
  return { categories: [found.category], record: found.record };
}

/** Hands the grant over: by letter, and in a file where that was asked for. It stands whatever becomes of the letter. */
export async function deliver(
  terminal: Terminal,
  { party }: Visitor,
  given: KnownGrant,
  { out }: Pick<GrantOptions, 'out'> = {},
): Promise<{ readonly delivered: boolean; readonly file?: string }> {
  if (out !== undefined) await keep(out, given.grant);
  terminal.progress.stage('sending the grant');
  try {
    await handOver(party, given);
    return { delivered: true, ...(out && { file: out }) };
  } catch (error) {
    const { code, message } = toMedsealError(error);
    terminal.note(`The right is given, but its letter was not sent: ${message} [${code}]`);
    terminal.note('Run the command again later, or use --out and hand the grant over yourself.');
    return { delivered: false, ...(out && { file: out }) };
  }
}

/** The terms of a right that is yet to be given, for people. */
export function termsOf({
  grantee,
  categories,
  record,
  actions,
  purpose,
  until,
}: RightGiven): Terms {
  const [read, add, amend] = ACTIONS.map((action) => actions.includes(action));
  return {
    grantee,
    categories,
    record: record ?? ZERO32,
    read: read ?? false,
    add: add ?? false,
    amend: amend ?? false,
    purpose,
    from: 0,
    until,
    salt: '0x',
  };
}

async function keep(path: string, value: object): Promise<void> {
  await writeFileWhole(path, `${JSON.stringify(value, null, 2)}\n`);
}
