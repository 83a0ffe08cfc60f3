import type { Address, Organisation } from '../../protocol/ids.ts';
import type { ApplicationShown } from '../../protocol/operator/OperatorPort.ts';
import { approvedParties, waitingParties, type Approval } from '../founding/approvals.ts';
import type { RunningNode } from '../openNode.ts';

/**
 * Lists the applications that this node's members of the authority have before them: those that wait for a decision, and
 * those that they approved and that are not enrolled yet.
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
    const add = (own: 'approved' | 'waits', approvals: readonly Approval[]): void => {
      for (const each of approvals) shown.push(...shownOne(node, member, own, each));
    };
    add('waits', waiting);
    add('approved', approved);
  }
  return shown;
}

/** An application as it is shown; none for an approval in advance of somebody who has not applied. */
function shownOne(
  node: RunningNode,
  member: Organisation,
  own: 'approved' | 'waits',
  { recipient, ...asked }: Approval,
): readonly ApplicationShown[] {
  if (recipient === undefined) return [];
  const application = { ...asked, recipient };
  const { members, threshold } = node.file.authority;
  // The agent of the applicant's own organisation asks the members, and knows what they answered.
  const answers = node.organisations.get(asked.organisation)?.enrolments.of(asked.party);
  const standsOf = (organisation: Organisation): ApplicationShown['members'][number]['stands'] => {
    if (organisation === member) return own;
    const known = answers?.get(organisation);
    if (known !== undefined) return known;
    return organisation === asked.organisation ? 'passed' : 'unknown';
  };
  const organisations = [...new Set(members.map(({ organisation }) => organisation))];
  const stands = organisations.map((each) => ({ organisation: each, stands: standsOf(each) }));
  return [{ member, application, members: stands, threshold }];
}
