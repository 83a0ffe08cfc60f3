import { bytesToHex } from '../../crypto/bytes.ts';
import type { LedgerPlace } from '../../protocol/evidence.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import { digestOf, sign } from '../../protocol/signing.ts';
import type { Will } from '../../protocol/vitalRecords.ts';
import type { Party } from '../party/Party.ts';
import { requireArgument } from '../party/requireArgument.ts';
import { placeVitalRecord, vitalDeadline } from './placeVitalRecord.ts';
import { readLife } from './readLife.ts';

/** A will to set. */
export interface NewWill {
  readonly handle: Handle;
  /** Digests of the grants that hold on after death; none ends all of them. */
  readonly grants: readonly Bytes32[];
  /** Seconds from the confirmation of the death for which they do. */
  readonly lasts: number;
}

/** A will that is set. */
export interface WillPlaced extends LedgerPlace {
  /** Its opening, to hand over to those whose grants it names. */
  readonly will: Will;
}

/**
 * Sets which grants of a patient hold on after death, for reading alone and until their own ends; it replaces the will of
 * before. Without a will all grants end. The ledger sees a salted hash: the grantees need the returned `will` to read.
 *
 * @param patient - The patient.
 * @param will - The grants, and for how long.
 * @throws MedsealError `RULE_REFUSED` with `DeathKnown` once a death is reported; `RIGHT_MISSING` for another's handle;
 * `CONTRACT_ABSENT`, `NOT_FOUND`, `ARGUMENT_INVALID`, `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const grants = [digestOf(patient, 'Grant', grant)];
 * const { will } = await setWill(patient, { handle, grants, lasts: 365 * 86_400 });
 * const chart = await readChart(doctor, { handle, grant, purpose: 'TREAT', will });
 * console.log(`${chart.records.length} records, dead or alive`);
 * ```
 */
export async function setWill(
  patient: Party,
  { handle, grants, lasts }: NewWill,
): Promise<WillPlaced> {
  requireArgument('handle', handle);
  const { number } = await readLife(patient, handle);
  const salt = bytesToHex(patient.random(16));
  const will: Will = {
    terms: { grants, lasts, salt },
    handle,
    number: number + 1,
    deadline: vitalDeadline(patient),
  };
  const digest = digestOf(patient, 'Will', will);
  const request = sign(patient, patient, 'Will', will);
  const place = await placeVitalRecord(patient, request, (life) => life.will === digest);
  return { ...place, will };
}
