import { MedsealError } from '../../errors/MedsealError.ts';
import type { SignedApplication } from '../../protocol/AgentPort.ts';
import type { EnrolmentResult } from '../../protocol/evidence/facts.ts';
import { ZERO32, type Bytes32 } from '../../protocol/ids.ts';
import { organisationId } from '../../protocol/network/networkLookups.ts';
import type { Application, Enrolment } from '../../protocol/struct/requests.ts';
import { carryEnrolment } from '../enrolment/carryEnrolment.ts';
import { checkApplication } from '../enrolment/checkApplication.ts';
import type { AuthorityPort } from '../ports.ts';
import { collectSignatures } from '../quorum/collectSignatures.ts';
import type { AgentContext } from './AgentContext.ts';
import { depositEverywhere } from './depositEverywhere.ts';

/**
 * Brings an application to the authority: the organisation's own member drafts the enrolment, k members of different
 * organisations sign it, and it goes to the ledger. A party that is already enrolled as the application says gets the
 * first answer again, which may have been lost: a patient who does not know its own ID could not open the handle.
 *
 * @param agent - The agent's context.
 * @param application - The application, not trusted.
 * @throws MedsealError `ENROLMENT_REFUSED` and whatever makes an application invalid.
 */
export async function enrolParty(
  agent: AgentContext,
  application: SignedApplication,
): Promise<EnrolmentResult> {
  const { organisation, authority } = agent;
  const applied = checkApplication(agent, application);
  if (organisationId(applied.organisation) !== organisationId(organisation)) {
    throw refused('this agent enrols for its own organisation alone');
  }
  const own = authority.get(organisation);
  if (own === undefined) throw new MedsealError('NOT_FOUND', { what: 'authority member' });
  // A repeat waits, and then finds the party enrolled, so it costs no transaction.
  return await agent.changing.run(
    applied.party,
    async () => await enrolOnce(agent, application, applied, own),
  );
}

async function enrolOnce(
  agent: AgentContext,
  application: SignedApplication,
  applied: Application,
  own: AuthorityPort,
): Promise<EnrolmentResult> {
  const { organisation, authority, enrolments, sender } = agent;
  await agent.index.refresh();
  // Nobody who is enrolled otherwise gets an ID.
  enrolledBefore(agent, applied);
  const { party } = applied;
  // A member that drafts has accepted the application.
  const drafted = enrolments.note(party, organisation, own.draft(application));
  const { enrolment, ...issued } = await drafted;
  const { patientId, salt } = issued;
  const opened = patientId !== undefined && salt !== undefined && { opening: { patientId, salt } };
  const before = enrolledBefore(agent, applied, enrolment);
  if (before !== undefined) return { enrolment, transaction: before, ...issued };
  const names = new Map([...authority].map(([name, member]) => [member, name]));
  try {
    const signatures = await collectSignatures(
      agent,
      authority.values(),
      { type: 'Enrolment', message: enrolment },
      async (member) => {
        const answer = member.approve({ application, enrolment, ...opened });
        return await enrolments.note(party, names.get(member) ?? organisation, answer);
      },
    );
    await depositEverywhere(agent, { application });
    const transaction = await carryEnrolment(agent, sender, { enrolment, signatures });
    return { enrolment, transaction, ...issued };
  } catch (error) {
    // The same application may have come twice at once, as from a page that was loaded again.
    await agent.index.refresh();
    const meanwhile = enrolledBefore(agent, applied, enrolment);
    if (meanwhile === undefined) throw error;
    return { enrolment, transaction: meanwhile, ...issued };
  }
}

/**
 * The transaction that enrolled a party as it applies now, with the handle that was drafted for it if one is given.
 *
 * @throws MedsealError `ENROLMENT_REFUSED` if it is enrolled otherwise.
 */
function enrolledBefore(
  { index }: AgentContext,
  applied: Application,
  drafted?: Enrolment,
): Bytes32 | undefined {
  const known = index.party(applied.party);
  if (known === undefined) return undefined;
  const same =
    known.role === applied.role &&
    known.organisation === applied.organisation &&
    known.recipient === applied.recipient &&
    (drafted === undefined || (known.handle ?? ZERO32) === drafted.handle);
  const place = index.enrolled(applied.party);
  if (!same || place === undefined) throw refused('the party is enrolled already');
  return place.transaction;
}

function refused(reason: string): MedsealError {
  return new MedsealError('ENROLMENT_REFUSED', { reason });
}
