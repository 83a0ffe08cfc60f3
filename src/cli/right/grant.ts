import { writeFile } from 'node:fs/promises';
import { grantRight, type RightGiven } from '../../client/grantRight.ts';
import { listGrants, type GrantListed } from '../../client/listGrants.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import type { Terms } from '../../protocol/requests.ts';
import { ACTIONS, type Action, type Category, type Purpose } from '../../protocol/vocabulary.ts';
import { findContact, findPatient } from '../contact/findContact.ts';
import type { NamedMoment } from '../duration.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import { findRecord, openChart } from '../record/chart.ts';
import type { VisitorOptions } from '../sharedOptions.ts';
import type { Answer } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { describeRight } from './describeRight.ts';

/** Two rights that end this close to each other are the same one, given twice. Seconds. */
const SAME_END = 60;

/** Options of `medseal grant`. */
export interface GrantOptions extends VisitorOptions {
  readonly category?: readonly Category[];
  readonly record?: string;
  readonly action: readonly Action[];
  readonly purpose: Purpose;
  readonly until: NamedMoment;
  readonly out?: string;
}

/**
 * Gives a right, unless the same one stands already.
 *
 * @param terminal - Shows the right and asks.
 * @param who - To whom.
 * @param options - See `medseal grant --help`.
 * @throws MedsealError `ARGUMENT_INVALID`, `KEY_UNAUTHENTIC`, `PARTY_UNKNOWN`, `PARTY_SUSPENDED`.
 */
export async function grant(
  terminal: Terminal,
  who: string,
  options: GrantOptions,
): Promise<Answer> {
  const { action: actions, purpose } = options;
  if ((options.category === undefined) === (options.record === undefined)) {
    const reason = 'give either --category or --record';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'grant', reason });
  }
  const visitor = await openVisitor(terminal, options);
  const { party, key } = visitor;
  const patient = await findPatient(visitor, undefined);
  const until = untilOf(visitor, options.until);
  const { name, facts } = await findContact(visitor, who);
  const scope = await scopeOf(visitor, options);
  const right: RightGiven = { grantee: facts.party, ...scope, actions, purpose, until };
  const standing = (await listGrants(party)).find((each) => isSame(each, right));
  if (standing?.grant !== undefined) {
    if (options.out !== undefined) await keep(options.out, standing.grant);
    return {
      value: { grant: standing.digest, already: true, terms: standing.grant.terms },
      text: `${name} may do that already: ${describeRight(standing.grant.terms)}.\nGrant ${standing.digest}`,
    };
  }
  await terminal.confirm([
    `You are about to sign, as ${key.name} (${party.address}), on the chart of ${patient.name}:`,
    '',
    `  ${name} (${facts.party}), a ${facts.role} of ${facts.organisation}, may`,
    `  ${describeRight(termsOf(right))}`,
    '',
    'What is read before it ends stays read.',
  ]);
  terminal.progress.stage('sealing keys, and waiting for the ledger');
  const given = await grantRight(party, right);
  if (options.out !== undefined) await keep(options.out, given.grant);
  const { digest, placed } = given;
  const { transaction, block } = placed;
  return {
    value: { grant: digest, already: false, terms: given.grant.terms, transaction, block },
    text: [
      `${name} may now ${describeRight(given.grant.terms)}.`,
      `Grant ${digest}`,
      `Ledger ${transaction}, block ${block}`,
    ].join('\n'),
  };
}

function untilOf({ party }: Visitor, until: NamedMoment): number {
  const now = seconds(party.clock);
  const at = 'at' in until ? until.at : now + until.inSeconds;
  if (at > now) return at;
  throw new MedsealError('ARGUMENT_INVALID', { argument: '--until', reason: 'it has passed' });
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

/** Whether a grant that holds gives the same, for as long. */
function isSame({ grant: known, state }: GrantListed, right: RightGiven): boolean {
  if (known === undefined || state !== 'holds') return false;
  const { terms } = known;
  const wanted = termsOf(right);
  return (
    terms.grantee === wanted.grantee &&
    terms.purpose === wanted.purpose &&
    terms.record === wanted.record &&
    ACTIONS.every((action) => terms[action] === wanted[action]) &&
    terms.categories.toSorted().join() === wanted.categories.toSorted().join() &&
    Math.abs(terms.until - wanted.until) <= SAME_END
  );
}

function termsOf({ grantee, categories, record, actions, purpose, until }: RightGiven): Terms {
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
  const text = `${JSON.stringify(value, null, 2)}\n`;
  await writeFile(path, text, { mode: 0o600 }).catch((cause: unknown) => {
    const reason = 'the file can not be written';
    throw new MedsealError('ARGUMENT_INVALID', { argument: path, reason }, { cause });
  });
}
