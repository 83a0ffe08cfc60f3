import { listGrants, type GrantListed } from '../../client/rights/listGrants.ts';
import { findPatient, namesOf } from '../contact/findContact.ts';
import { describeMoment, short } from '../describeBody.ts';
import { openVisitor } from '../home/openVisitor.ts';
import { findRecord, openChart } from '../record/chart.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { describeActions, describeScope } from './describeRight.ts';
import type { GRANTS_LISTED } from './rightAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { RIGHT_LIST } from './rightOptions.ts';

/** Lists all rights on the visitor's chart that nobody ended. */
export async function listRights(
  terminal: Terminal,
  options: VisitorOptions & OptionsOf<typeof RIGHT_LIST>,
): Promise<AnswerOf<typeof GRANTS_LISTED>> {
  const visitor = await openVisitor(terminal, options);
  const patient = await findPatient(visitor, undefined);
  const of =
    options.record === undefined
      ? undefined
      : findRecord(await openChart(visitor, patient, {}), options.record);
  const grants = await listGrants(visitor.party, of);
  const names = await namesOf(visitor);
  return {
    value: {
      handle: patient.handle,
      grants: grants.map(({ digest, state, grant, device }) => ({
        grant: digest,
        state,
        ...(grant && { terms: grant.terms }),
        ...(device && { device }),
      })),
    },
    lines:
      grants.length === 0
        ? ['Only you can see your chart.']
        : table(
            ['grant', 'who', 'may', 'what', 'for', 'until', 'state'],
            grants.map((grant) => rowOf(grant, names)),
            { drop: ['for', 'may', 'state', 'until'] },
          ),
  };
}

function rowOf(
  { digest, grant, state }: GrantListed,
  names: ReadonlyMap<string, string>,
): readonly string[] {
  const id = digest.slice(0, 10);
  if (grant === undefined) return [id, '–', '–', 'no device of yours knows it', '–', '–', state];
  const { terms } = grant;
  const { grantee, purpose, until } = terms;
  const who = names.get(grantee) ?? short(grantee);
  return [
    id,
    who,
    describeActions(terms),
    describeScope(terms),
    purpose,
    describeMoment(until),
    state,
  ];
}
