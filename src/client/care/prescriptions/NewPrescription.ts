import type { MedicineOrdered } from '../../../fhir/makeMedicationRequest.ts';
import type { Address, Bytes32, Handle } from '../../../protocol/ids.ts';
import type { Grant } from '../../../protocol/struct/requests.ts';
import type { Purpose } from '../../../protocol/vocabulary.ts';

/** A prescription to be issued. */
export interface NewPrescription extends MedicineOrdered {
  readonly handle: Handle;
  /** Right to add medications. */
  readonly grant: Grant;
  readonly purpose: Purpose;
  /** True if the medicine needs the signature of a second doctor. */
  readonly controlled?: boolean;
  /** Doctor who signs beside the prescriber; see `signBeside`. */
  readonly second?: Address;
  /** Digest of the prescription that ends by this one. */
  readonly replaces?: Bytes32;
}
