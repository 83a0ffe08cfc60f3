import type { AuditEvent } from '@medplum/fhirtypes';
import type { Address, Bytes32, Handle } from '../protocol/ids.ts';
import { dataEntity, identified, restEvent, transactionEntity } from './auditParts.ts';
import { MEDSEAL_SYSTEMS } from './medsealSystems.ts';

/** A right that was given or ended, as the ledger has it. */
export interface RuleToTell {
  readonly kind: 'Granted' | 'Revoked';
  /** Digest of the grant. */
  readonly grant: Bytes32;
  readonly handle: Handle;
  /** The patient, who signed it. */
  readonly patient: Address;
  /** Time of its block, Unix seconds. */
  readonly at: number;
  /** Hash of its transaction. */
  readonly transaction: Bytes32;
  /** Hash that the AuditEvent is named after. */
  readonly id: Bytes32;
}

/**
 * Writes that a patient gave or ended a right as a FHIR R4 AuditEvent, in the form of IHE's Basic Audit Log Patterns: a
 * Consent was created or deleted.
 *
 * @param told - Event of the ledger, with the time of its block.
 */
export function auditEventOfRule(told: RuleToTell): AuditEvent {
  const { kind, grant, handle, patient, at, transaction, id } = told;
  const data = dataEntity(identified(MEDSEAL_SYSTEMS.grant, grant));
  const named = transactionEntity(MEDSEAL_SYSTEMS.transaction, transaction);
  return restEvent({
    ...(kind === 'Granted'
      ? { kind: 'Create', interaction: 'create' }
      : { kind: 'Delete', interaction: 'delete' }),
    id,
    at,
    user: patient,
    handle,
    purpose: 'PATRQT',
    server: { display: 'the ledger' },
    site: 'ledger',
    entities: [data, named],
  });
}
