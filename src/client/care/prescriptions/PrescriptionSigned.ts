import type { MedicationRequest } from '@medplum/fhirtypes';
import type { Submission } from '../../../protocol/AgentPort.ts';
import type { Bytes32, RecordId } from '../../../protocol/ids.ts';
import type { Prescription } from '../../../protocol/care/prescriptions.ts';

/** A prescription that is written on the chart, and signed. */
export interface PrescriptionSigned {
  /** Its digest, by which it is known from now on. */
  readonly digest: Bytes32;
  readonly message: Prescription;
  /** The MedicationRequest, with the directions, whose hash the prescription names. */
  readonly order: MedicationRequest;
  /** The request to the ledger, with the entry of its record. */
  readonly submission: Submission;
}

/** A prescription on the ledger. */
export interface PrescriptionIssued {
  readonly digest: Bytes32;
  readonly record: RecordId;
  /** True if the ledger had it already: an earlier run was cut off. */
  readonly already: boolean;
}
