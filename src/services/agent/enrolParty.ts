import { MedsealError } from '../../errors/MedsealError.ts';
import type { SignedApplication } from '../../protocol/AgentPort.ts';
import type { EnrolmentResult } from '../../protocol/facts.ts';
import { organisationId } from '../../protocol/networkLookups.ts';
import { carryEnrolment } from '../carryEnrolment.ts';
import { checkApplication } from '../checkApplication.ts';
import { collectSignatures } from '../collectSignatures.ts';
import type { AgentContext } from './AgentContext.ts';
import { keepEverywhere } from './keepEverywhere.ts';

/**
 * Brings an application to the authority: the organisation's own member drafts the enrolment, k members of
 * different organisations sign it, and it goes to the ledger.
 *
 * @param agent - The agent's context.
 * @param application - The application, not trusted.
 * @throws MedsealError `ENROLMENT_REFUSED` and whatever makes an application invalid.
 */
export async function enrolParty(
  agent: AgentContext,
  application: SignedApplication,
): Promise<EnrolmentResult> {
  const { organisation, authority, sender } = agent;
  const { organisation: named } = checkApplication(agent, application);
  if (organisationId(named) !== organisationId(organisation)) {
    const reason = 'this agent enrols for its own organisation alone';
    throw new MedsealError('ENROLMENT_REFUSED', { reason });
  }
  const own = authority.get(organisation);
  if (own === undefined) throw new MedsealError('NOT_FOUND', { what: 'authority member' });
  const { enrolment, ...issued } = await own.draft(application);
  const signatures = await collectSignatures(
    agent,
    authority.values(),
    enrolment,
    async (member) => await member.approve({ application, enrolment }),
  );
  await keepEverywhere(agent, { application });
  const transaction = await carryEnrolment(agent, sender, { enrolment, signatures });
  return { enrolment, transaction, ...issued };
}
