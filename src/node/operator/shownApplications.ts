import type { Address, Organisation } from '../../protocol/ids.ts';
import type { ApplicationShown } from '../../protocol/operator/OperatorPort.ts';
import {
  approvedParties,
  declinedParties,
  waitingParties,
  type Approval,
  type Declined,
} from '../founding/approvals.ts';
import type { RunningNode } from '../openNode.ts';

/**
 * Lists the applications that this node's members of the authority have before them: those that wait for a decision,
 * those that they approved and that are not enrolled yet, and those that they declined.
 *
 * @param node - The node.
 * @throws MedsealError `FOLDER_FOREIGN` if a file of an application was altered.
 */
export async function shownApplications(node: RunningNode): Promise<readonly ApplicationShown[]> {
  const shown: ApplicationShown[] = [];
  for (const [member, { authorityFiles }] of node.members) {
    const services = node.organisations.get(member);
    if (services === undefined) continue;
    await services.index.refresh();
    const isOpen = (party: Address): boolean => services.index.party(party) === undefined;
    const waiting = (await waitingParties(authorityFiles)).filter(({ party }) => isOpen(party));
    const waits = new Set(waiting.map(({ party }) => party));
    const approved = await approvedParties(
      authorityFiles,
      (party) => isOpen(party) && !waits.has(party),
    );
    const declined = (await declinedParties(authorityFiles)).filter(
      ({ party }) => isOpen(party) && !waits.has(party),
    );
    const add = (own: OwnStanding, decisions: readonly (Approval | Declined)[]): void => {
      for (const each of decisions) shown.push(...shownOne(node, member, own, each));
    };
    add('waits', waiting);
    add('approved', approved);
    add('declined', declined);
  }
  return shown;
}

type OwnStanding = 'approved' | 'waits' | 'declined';

/** An application as it is shown; none for an approval in advance of somebody who has not applied. */
function shownOne(
  node: RunningNode,
  member: Organisation,
  own: OwnStanding,
  decision: Approval | Declined,
): readonly ApplicationShown[] {
  const { recipient, party, role, organisation: of } = decision;
  if (recipient === undefined) return [];
  const application = { party, role, organisation: of, recipient };
  const { members, threshold } = node.file.authority;
  // The agent of the applicant's own organisation asks the members, and knows what they answered.
  const answers = node.organisations.get(of)?.enrolments.of(party);
  const standsOf = (organisation: Organisation): ApplicationShown['members'][number]['stands'] => {
    if (organisation === member) return own;
    const known = answers?.get(organisation);
    if (known !== undefined) return known;
    return organisation === of ? 'passed' : 'unknown';
  };
  const organisations = [...new Set(members.map(({ organisation }) => organisation))];
  const stands = organisations.map((each) => ({ organisation: each, stands: standsOf(each) }));
  const reason = 'reason' in decision && { reason: decision.reason };
  return [{ member, application, members: stands, threshold, ...reason }];
}
