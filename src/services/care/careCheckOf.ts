import type { Submission } from '../../protocol/AgentPort.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import { orderNumber } from '../../protocol/care/orderNumber.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import type { Prescription } from '../../protocol/care/prescriptions.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/** A statement that coordinators sign of a request that they vouch for, with its type. */
export type CareCheck =
  | Pick<Signed<'ClaimCheck'>, 'type' | 'message'>
  | Pick<Signed<'PrescriptionCheck'>, 'type' | 'message'>;

/**
 * Returns what coordinators sign of a prescription, a claim, a supplement, a dispute or a judgement that they vouch for.
 *
 * @param context - Domain and hashes.
 * @param submission - The request, well formed.
 */
export function careCheckOf(
  context: Pick<ServiceContext, 'domain' | 'primitives'>,
  { request: { type, message } }: Submission,
): CareCheck {
  const digest = digestOf(context, type, message);
  if (type !== 'Prescription') return { type: 'ClaimCheck', message: { request: digest } };
  const order = orderNumber(context.primitives, (message as Prescription).terms);
  return { type: 'PrescriptionCheck', message: { prescription: digest, order } };
}
