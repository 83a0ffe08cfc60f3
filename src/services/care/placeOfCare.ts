import type { LedgerPlace } from '../../protocol/evidence/evidence.ts';
import type {
  CancelPrescription,
  Dispense,
  HoldPrescription,
  PassPrescription,
  Prescription,
} from '../../protocol/care/prescriptions.ts';
import { isClaimType } from '../../protocol/struct/ledgerRequests.ts';
import type { Signed, CareType, ClaimType } from '../../protocol/struct/requests.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { placeOfClaim } from './claims/placeOfClaim.ts';

/**
 * Returns the place on the ledger at which a request of care took effect; undefined if it did not.
 *
 * @param context - The node's own view.
 * @param request - The request, well formed.
 */
export function placeOfCare(
  context: ServiceContext,
  { type, message }: Pick<Signed<CareType>, 'type' | 'message'>,
): LedgerPlace | undefined {
  const { prescriptions } = context.index;
  if (isClaimType(type)) return placeOfClaim(context, { type, message } as Signed<ClaimType>);
  switch (type) {
    case 'Prescription':
      return prescriptions.prescribed(digestOf(context, type, message as Prescription));
    case 'Dispense':
      return prescriptions.dispensed(digestOf(context, type, message as Dispense));
    case 'HoldPrescription':
      return prescriptions.held(message as HoldPrescription);
    case 'CancelPrescription':
      return prescriptions.cancelled((message as CancelPrescription).prescription);
    case 'PassPrescription':
      return prescriptions.passed(message as PassPrescription);
  }
}
