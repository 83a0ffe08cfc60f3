import type { Sender } from '../../ledger/openSender.ts';
import { seconds } from '../../protocol/Clock.ts';
import { carryEnrolment } from './carryEnrolment.ts';
import { collectSignatures } from '../quorum/collectSignatures.ts';
import type { AuthorityPort } from '../ports.ts';
import { senderEnrolment } from './senderEnrolment.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/** Seconds in which an enrolment can be brought to the ledger. */
const ENROLMENT_WINDOW = 600;

/**
 * Has the authority enrol the account that an organisation sends from, if the Registry does not have it yet. It is the
 * last step of founding a network, and safe to repeat, also at the same time.
 *
 * @param context - The organisation's context.
 * @param sender - The account that carries the enrolment to the ledger.
 * @param members - The members of the authority.
 * @param account - The account that is enrolled; the carrying one if absent.
 * @throws MedsealError `ENROLMENT_REFUSED`, or why too few members answered.
 */
export async function enrolSender(
  context: ServiceContext,
  sender: Sender,
  members: readonly AuthorityPort[],
  account = sender.address,
): Promise<void> {
  const { index, organisation, clock } = context;
  await index.refresh();
  if (index.party(account) !== undefined) return;
  const deadline = seconds(clock) + ENROLMENT_WINDOW;
  const enrolment = senderEnrolment(organisation, account, deadline);
  try {
    const signatures = await collectSignatures(
      context,
      members,
      { type: 'Enrolment', message: enrolment },
      async (member) => await member.approveSender(enrolment),
    );
    await carryEnrolment(context, sender, { enrolment, signatures });
  } catch (error) {
    // Another task or node had the same account enrolled meanwhile.
    await index.refresh();
    if (index.party(account) === undefined) throw error;
  }
}
