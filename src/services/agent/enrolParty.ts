import { encodeEnrol } from '../../bindings/encodeEnrol.ts';
import { readEvents } from '../../bindings/readEvents.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { SignedApplication } from '../../protocol/AgentPort.ts';
import type { EnrolmentResult } from '../../protocol/facts.ts';
import type { Address, Hex } from '../../protocol/ids.ts';
import type { Enrolment } from '../../protocol/requests.ts';
import { organisationId } from '../../protocol/networkLookups.ts';
import { signerOf } from '../../protocol/signing.ts';
import { checkApplication } from '../checkApplication.ts';
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
  const { network, organisation, authority, sender } = agent;
  const { organisation: named } = checkApplication(agent, application);
  if (organisationId(named) !== organisationId(organisation)) {
    const reason = 'this agent enrols for its own organisation alone';
    throw new MedsealError('ENROLMENT_REFUSED', { reason });
  }
  const own = authority.get(organisation);
  if (own === undefined) throw new MedsealError('NOT_FOUND', { what: 'authority member' });
  const { enrolment, ...issued } = await own.draft(application);
  const answers = await Promise.allSettled(
    [...authority.values()].map(async (member) => await member.approve({ application, enrolment })),
  );
  const members = new Set(network.authority.members.map(({ address }) => address));
  const signatures = answers
    .filter((answer) => answer.status === 'fulfilled')
    .flatMap(({ value }) => signedBy(agent, enrolment, value) ?? [])
    .filter(({ signer }) => members.has(signer))
    .toSorted((left, right) => (left.signer < right.signer ? -1 : 1))
    .map(({ signature }): Hex => signature);
  if (signatures.length < network.authority.threshold) {
    const declined = answers.find((answer) => answer.status === 'rejected');
    if (declined !== undefined) throw toMedsealError(declined.reason);
    throw new MedsealError('ENROLMENT_REFUSED', { reason: 'too few members signed it' });
  }
  await keepEverywhere(agent, { application });
  const receipt = await sender.send({
    to: network.contracts.registry,
    data: encodeEnrol([{ enrolment, signatures }]),
  });
  for (const event of readEvents(receipt.logs)) {
    if (event.kind === 'Refused') {
      throw new MedsealError('ENROLMENT_REFUSED', { reason: event.error });
    }
  }
  return { enrolment, transaction: receipt.transaction, ...issued };
}

/** A member's signature with its signer; nothing where it is no signature. */
function signedBy(
  agent: AgentContext,
  enrolment: Enrolment,
  signature: Hex,
): { signature: Hex; signer: Address } | undefined {
  try {
    return { signature, signer: signerOf(agent, 'Enrolment', enrolment, signature) };
  } catch {
    return undefined;
  }
}
