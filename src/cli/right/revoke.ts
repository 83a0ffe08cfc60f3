import { listGrants, type GrantListed } from '../../client/rights/listGrants.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { endRight } from '../../client/rights/endRight.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { findContact, namesOf } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { describeRight } from './describeRight.ts';
import { calledAs } from '../program/calledAs.ts';
import { END_WAITS, placeOfEnd } from './placeOfEnd.ts';
import type { GRANTS_REVOKED } from './rightAnswers.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import type { Bytes32 } from '../../protocol/ids.ts';

/** Ends rights. A right that has ended already needs no end: it is safe to repeat. */
export async function revoke(
  terminal: Terminal,
  named: readonly string[],
  options: VisitorOptions,
): Promise<AnswerOf<typeof GRANTS_REVOKED>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const standing = await listGrants(party);
  const chosen = new Set<GrantListed>();
  for (const each of named) {
    for (const grant of await chosenBy(visitor, standing, each)) chosen.add(grant);
  }
  if (chosen.size === 0) {
    return { value: { revoked: [], already: true }, lines: ['These rights have ended already.'] };
  }
  await requireUnruled(visitor, chosen);
  const names = await namesOf(visitor);
  await confirmSigning(terminal, visitor, [
    `  the end of ${chosen.size === 1 ? 'this right' : 'these rights'}, at once:`,
    ...[...chosen].map((grant) => `    ${describeGrant(grant, names)}`),
    '',
    'You get new keys: whoever loses a right cannot open what is added from now on.',
  ]);
  const revoked: Of<typeof GRANTS_REVOKED>['revoked'][number][] = [];
  let pending: readonly Bytes32[] = [];
  for (const { digest } of chosen) {
    terminal.progress.stage(`ending ${short(digest)}, and waiting for the ledger`);
    const ended = await endRight(party, digest);
    if (ended.outcome === 'placed') ({ pending } = ended);
    revoked.push({ grant: digest, ...placeOfEnd(ended) });
  }
  return {
    value: { revoked, pending },
    lines: [
      ...[...chosen].map((grant) => `Ended: ${describeGrant(grant, names)}`),
      ...(revoked.every(({ block }) => block !== undefined) ? [] : [END_WAITS]),
      ...pending.map(
        (digest) =>
          `The grantee of ${short(digest)} does not have the new key yet. Next: ${calledAs('status')} seals it.`,
      ),
    ],
  };
}

/** The grants that an argument means; none if they have ended. */
async function chosenBy(
  visitor: Visitor,
  standing: readonly GrantListed[],
  named: string,
): Promise<readonly GrantListed[]> {
  if (/^0x[0-9a-f]{4,64}$/.test(named) && named.length !== 42) {
    const found = standing.filter(({ digest }) => digest.startsWith(named));
    if (found.length > 1) throw invalid(named, 'several ids begin like this; give more of the id');
    const { grants } = await readPatientState(visitor.party);
    const known = found.length > 0 || grants.some(({ digest }) => digest.startsWith(named));
    if (!known) throw invalid(named, 'your chart has no such grant');
    return found;
  }
  const { facts } = await findContact(visitor, named);
  return standing.filter(({ grant }) => grant?.terms.grantee === facts.party);
}

/** Refuses to end what a standing rule would give again. */
async function requireUnruled({ party }: Visitor, chosen: ReadonlySet<GrantListed>): Promise<void> {
  const { grants, rules = [] } = await readPatientState(party);
  for (const { digest } of chosen) {
    const { rule } = grants.find((each) => each.digest === digest) ?? {};
    if (!rules.some(({ name }) => name === rule)) continue;
    const instead = `use "${calledAs('rule remove')}", or add a denial`;
    throw invalid(short(digest), `your rule "${rule}" would give it again; ${instead}`);
  }
}

function describeGrant({ digest, grant }: GrantListed, names: ReadonlyMap<string, string>): string {
  if (grant === undefined) return `${short(digest)}, which no device of yours knows`;
  const { grantee } = grant.terms;
  return `${short(digest)}  ${names.get(grantee) ?? short(grantee)} may ${describeRight(grant.terms)}`;
}

function invalid(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
