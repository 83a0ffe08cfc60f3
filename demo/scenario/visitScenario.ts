import type { Bundle } from '@medplum/fhirtypes';
import { addRecord } from '../../src/client/records/addRecord.ts';
import type { LoggedVersion } from '../../src/client/records/logVersion.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import { grantRight } from '../../src/client/rights/grantRight.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import { encodePart } from '../../src/fhir/encodePart.ts';
import { splitBundle } from '../../src/fhir/splitBundle.ts';
import type { Validator } from '../../src/fhir/Validator.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import type { Handle } from '../../src/protocol/ids.ts';
import type { Grant } from '../../src/protocol/struct/requests.ts';
import { CATEGORIES, type Category } from '../../src/protocol/vocabulary.ts';
import type { Cast } from './Cast.ts';
import { stepOf } from './stepOf.ts';
import type { StepRunner } from './StepRunner.ts';

/** Duration of the doctor's right, seconds. */
const HOUR = 3600;
const PAPER = 'P2 visit';

/** A visit that took place. */
export interface Visit {
  readonly handle: Handle;
  /** The doctor's right to read the chart and to add to it. */
  readonly grant: Grant;
  /** Categories of its record. */
  readonly categories: readonly Category[];
  /** The parts of its record. */
  readonly records: readonly LoggedVersion[];
}

/**
 * Plays a visit: the patient lets a doctor in, who writes a record in FHIR; nobody else reads it.
 *
 * @param runner - Does and notes the steps.
 * @param cast - The parties at their devices, enrolled.
 * @param value - The record's FHIR R4 bundle, as decoded from JSON.
 * @param validator - FHIR R4.
 * @throws UnexpectedOutcome at the first step that goes otherwise.
 */
export async function visitScenario(
  runner: StepRunner,
  { patient, doctor, specialist }: Cast,
  value: unknown,
  validator: Validator,
): Promise<Visit> {
  const { handle } = await readPatientState(patient.party);
  const { grant } = await runner.accepted(
    stepOf('The patient visits a doctor, and lets the doctor read and add', PAPER, patient),
    async () => {
      const given = await grantRight(patient.party, {
        grantee: doctor.party.address,
        categories: CATEGORIES,
        actions: ['read', 'add'],
        purpose: 'TREAT',
        until: seconds(patient.party.clock) + HOUR,
      });
      return { value: given, txHash: given.placed.transaction };
    },
  );
  const { records, categories } = await runner.accepted(
    stepOf('The doctor writes the record of the visit, sealed', PAPER, doctor),
    async () => {
      const bundle: Bundle = validator.validateBundle(value);
      const parts = splitBundle(bundle, { set: bytesToHex(doctor.party.random(16)) });
      const added: LoggedVersion[] = [];
      for (const { category, content } of parts) {
        const record = { handle, category, content: encodePart(content), grant } as const;
        added.push(await addRecord(doctor.party, { ...record, purpose: 'TREAT' }));
      }
      const of = [...new Set(parts.map(({ category }) => category))];
      const detail = `valid FHIR R4: ${parts.length} records by category`;
      return { value: { records: added, categories: of }, detail };
    },
  );
  await runner.refused(
    stepOf('Another doctor looks at the chart', PAPER, specialist),
    ['RIGHT_MISSING'],
    async () => await readChart(specialist.party, { handle, purpose: 'TREAT' }),
  );
  return { handle, grant, categories, records };
}
