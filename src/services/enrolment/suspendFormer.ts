import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { registryAbi } from '../../bindings/generated/registryAbi.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Sender } from '../../ledger/openSender.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Address } from '../../protocol/ids.ts';
import { readRefusals } from '../administrator/readRefusals.ts';
import type { AuthorityPort } from '../ports.ts';
import { collectSignatures } from '../quorum/collectSignatures.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { isSuspendable } from './isSuspendable.ts';

/** Seconds in which a suspension can be brought to the ledger. */
const SUSPENSION_WINDOW = 600;

/**
 * Has the authority suspend an account that the network files name no more. Safe to repeat: an account whose suspension
 * somebody lifted is left alone.
 *
 * @param context - The organisation's context.
 * @param sender - The account that carries the suspension to the ledger.
 * @param members - The members of the authority.
 * @param account - The account of before.
 * @throws MedsealError `ENROLMENT_REFUSED` if too few members sign; `RULE_REFUSED` with the contract's reason.
 */
export async function suspendFormer(
  context: ServiceContext,
  sender: Sender,
  members: readonly AuthorityPort[],
  account: Address,
): Promise<void> {
  const { index, network, clock } = context;
  await index.refresh();
  if (!isSuspendable(context, account)) return;
  const deadline = seconds(clock) + SUSPENSION_WINDOW;
  const message = { party: account, suspended: true, change: 1, deadline };
  const signatures = await collectSignatures(
    context,
    members,
    { type: 'Suspension', message },
    async (member) => await member.approveSuspension(message),
  );
  const data = encodeBatch(registryAbi, 'suspend', [{ message, signatures }]);
  const receipt = await sender.send({ to: network.contracts.registry, data });
  const [refused] = readRefusals(receipt.logs);
  if (refused === undefined) return;
  await index.refresh();
  // Another node can have been the first.
  if (isSuspendable(context, account)) {
    throw new MedsealError('RULE_REFUSED', { reason: refused.error });
  }
}
