import { bytesToHex } from '../../../crypto/bytes.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import type { LedgerPlace } from '../../../protocol/evidence/evidence.ts';
import type { Bytes32, Handle } from '../../../protocol/ids.ts';
import { LONGEST_STATE_TO_GRANT } from '../../../protocol/rights/requireKeepable.ts';
import { digestOf, sign } from '../../../protocol/struct/signing.ts';
import type { Will } from '../../../protocol/care/vitalRecords.ts';
import type { Party } from '../../party/Party.ts';
import { requireArgument } from '../../party/requireArgument.ts';
import { keepPatientState } from '../../state/keepPatientState.ts';
import { withPatientState } from '../../state/withPatientState.ts';
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
  /** Its opening, which `handOverWill` gives to those whose grants it names. */
  readonly will: Will;
}

/**
 * Sets which grants of a patient hold on after death, for reading alone and until their own ends; it replaces the will of
 * before. Without a will all grants end. The ledger sees a salted hash. The patient's devices keep the opening, and
 * grantees need it to read: see `handOverWill`.
 *
 * @param patient - The patient.
 * @param will - The grants, and for how long.
 * @throws MedsealError `RULE_REFUSED` with `DeathKnown` once a death is reported; `RIGHT_MISSING` for another's handle;
 * `CONTRACT_ABSENT`, `NOT_FOUND`, `ARGUMENT_INVALID`, `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `RULE_UNCONFIRMED`,
 * `STATE_STALE`.
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
  if (patient.network.contracts.vitalRecords === undefined)
    throw new MedsealError('CONTRACT_ABSENT', { contract: 'vital records' });
  const will = await withPatientState(patient, async (state): Promise<Will> => {
    if (state.handle !== handle) throw new MedsealError('RIGHT_MISSING', {});
    const { number, will: newest } = await readLife(patient, handle);
    const next: Will = {
      terms: { grants, lasts, salt: bytesToHex(patient.random(16)) },
      handle,
      number: number + 1,
      deadline: vitalDeadline(patient),
    };
    // The opening is kept before the ledger has the will, and that of before until it has.
    const before = (state.wills ?? []).filter((each) => digestOf(patient, 'Will', each) === newest);
    await keepPatientState(
      patient,
      { ...state, wills: [...before, next] },
      [],
      LONGEST_STATE_TO_GRANT,
    );
    return next;
  });
  const digest = digestOf(patient, 'Will', will);
  const request = sign(patient, patient, 'Will', will);
  const place = await placeVitalRecord(patient, request, (life) => life.will === digest);
  return { ...place, will };
}
