import type { Bundle } from '@medplum/fhirtypes';
import type { Random } from '../../src/crypto/Random.ts';
import { DemoEntries } from './DemoEntries.ts';
import type { DemoPatient } from './demoPatients.ts';
import { demoConcept, demoQuantity, type Concept } from './demoTerms.ts';
import type { DemoResults, DemoTest } from './DemoVisit.ts';

/** Options of `makeDemoResults`. */
export interface DemoResultsOptions {
  readonly random: Random;
  /** The moment from which the days are counted back, Unix seconds. */
  readonly at: number;
  readonly patient: DemoPatient;
  readonly results: readonly DemoResults[];
}

/** A measurement: its LOINC code, UCUM unit, and what is normal. */
interface Test extends Concept {
  readonly unit: string;
  readonly low?: number;
  readonly high?: number;
}

const TESTS: Readonly<Record<DemoTest, Test>> = {
  hba1c: {
    code: '4548-4',
    display: 'Hemoglobin A1c/Hemoglobin.total in Blood',
    text: 'Long-term blood sugar (HbA1c)',
    unit: '%',
    low: 4,
    high: 5.6,
  },
  glucose: {
    code: '1558-6',
    display: 'Fasting glucose [Mass/volume] in Serum or Plasma',
    text: 'Fasting blood sugar',
    unit: 'mg/dL',
    low: 70,
    high: 99,
  },
  creatinine: {
    code: '2160-0',
    display: 'Creatinine [Mass/volume] in Serum or Plasma',
    text: 'Creatinine',
    unit: 'mg/dL',
    low: 0.5,
    high: 1.1,
  },
  egfr: {
    code: '62238-1',
    display: 'Glomerular filtration rate/1.73 sq M.predicted (CKD-EPI)',
    text: 'Kidney filtration (eGFR)',
    unit: 'mL/min/{1.73_m2}',
    low: 60,
  },
  cholesterol: {
    code: '2093-3',
    display: 'Cholesterol [Mass/volume] in Serum or Plasma',
    text: 'Cholesterol, total',
    unit: 'mg/dL',
    high: 200,
  },
  ldl: {
    code: '13457-7',
    display: 'Cholesterol in LDL [Mass/volume] in Serum or Plasma by calculation',
    text: 'LDL cholesterol',
    unit: 'mg/dL',
    high: 116,
  },
  hdl: {
    code: '2085-9',
    display: 'Cholesterol in HDL [Mass/volume] in Serum or Plasma',
    text: 'HDL cholesterol',
    unit: 'mg/dL',
    low: 40,
  },
  triglycerides: {
    code: '2571-8',
    display: 'Triglyceride [Mass/volume] in Serum or Plasma',
    text: 'Triglycerides',
    unit: 'mg/dL',
    high: 150,
  },
  haemoglobin: {
    code: '718-7',
    display: 'Hemoglobin [Mass/volume] in Blood',
    text: 'Haemoglobin',
    unit: 'g/dL',
    low: 12,
    high: 16,
  },
  alt: {
    code: '1742-6',
    display: 'Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma',
    text: 'Liver enzyme (ALT)',
    unit: 'U/L',
    low: 7,
    high: 56,
  },
};

/**
 * Makes the results of an invented patient's blood tests, each with what is normal, and a report for each day.
 *
 * @param options - The same random bytes and options make the same bundle.
 */
export function makeDemoResults({ random, at, patient, results }: DemoResultsOptions): Bundle {
  const entries = new DemoEntries(random);
  const subject = { display: `${patient.given} ${patient.family}` };
  const performer = [{ display: 'Example Laboratory' }];
  for (const { daysAgo, values, conclusion } of results) {
    const taken = new Date((at - daysAgo * 24 * 3600) * 1000).toISOString();
    const common = { status: 'final', subject, performer, effectiveDateTime: taken } as const;
    const result = (Object.entries(values) as [DemoTest, number][]).map(([name, value]) => {
      const { unit, low, high, ...code } = TESTS[name];
      return entries.add({
        ...common,
        resourceType: 'Observation',
        category: [demoConcept('observations', { code: 'laboratory', display: 'Laboratory' })],
        code: demoConcept('loinc', code),
        valueQuantity: demoQuantity(value, unit),
        interpretation: [demoConcept('interpretation', interpretationOf(value, TESTS[name]))],
        referenceRange: [
          {
            ...(low !== undefined && { low: demoQuantity(low, unit) }),
            ...(high !== undefined && { high: demoQuantity(high, unit) }),
          },
        ],
      });
    });
    entries.add({
      ...common,
      resourceType: 'DiagnosticReport',
      code: demoConcept('loinc', { code: '11502-2', display: 'Laboratory report' }),
      result,
      conclusion,
    });
  }
  const timestamp = new Date(at * 1000).toISOString();
  return { resourceType: 'Bundle', type: 'collection', timestamp, entry: entries.list };
}

function interpretationOf(value: number, { low = -Infinity, high = Infinity }: Test): Concept {
  if (value > high) return { code: 'H', display: 'High' };
  return value < low ? { code: 'L', display: 'Low' } : { code: 'N', display: 'Normal' };
}
