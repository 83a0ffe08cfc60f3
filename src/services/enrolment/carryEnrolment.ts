import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { registryAbi } from '../../bindings/generated/registryAbi.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Sender } from '../../ledger/openSender.ts';
import type { Bytes32, Hex } from '../../protocol/ids.ts';
import type { Enrolment } from '../../protocol/struct/requests.ts';
import { readRefusals } from '../administrator/readRefusals.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/**
 * Carries a signed enrolment to the Registry.
 *
 * @param context - The network.
 * @param sender - Ledger account that sends it.
 * @param signed - The enrolment with its signatures.
 * @returns The transaction.
 * @throws MedsealError `ENROLMENT_REFUSED` if the contract refuses it.
 */
export async function carryEnrolment(
  { network }: Pick<ServiceContext, 'network'>,
  sender: Sender,
  { enrolment, signatures }: { readonly enrolment: Enrolment; readonly signatures: readonly Hex[] },
): Promise<Bytes32> {
  const { registry } = network.contracts;
  const receipt = await sender.send({
    to: registry,
    data: encodeBatch(registryAbi, 'enrol', [[enrolment, signatures]]),
  });
  const [refused] = readRefusals(receipt.logs);
  if (refused !== undefined) throw new MedsealError('ENROLMENT_REFUSED', { reason: refused.error });
  return receipt.transaction;
}
