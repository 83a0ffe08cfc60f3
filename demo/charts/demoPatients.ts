import type { Concept } from './demoTerms.ts';

/** An invented patient and what a visit found; small enough to be remembered. */
export interface DemoPatient {
  readonly given: string;
  readonly family: string;
  readonly gender: 'female' | 'male' | 'other' | 'unknown';
  /** ISO 8601 date. */
  readonly birthDate: string;
  /** The diagnosis, in SNOMED CT. */
  readonly condition: Concept;
  /** Medicine that was prescribed for it, in RxNorm. */
  readonly medication: Concept;
  /** Laboratory measurement, in LOINC, with its value in a UCUM unit. */
  readonly laboratory: Concept & { readonly value: number; readonly unit: string };
}

/** The patients of the demonstration; all of it is invented. */
export const DEMO_PATIENTS: readonly DemoPatient[] = [
  {
    given: 'Ana',
    family: 'Ferreira',
    gender: 'female',
    birthDate: '1961-02-03',
    condition: { code: '44054006', display: 'Diabetes mellitus type 2' },
    medication: { code: '860975', display: '24 HR Metformin hydrochloride 500 MG Oral Tablet' },
    laboratory: {
      code: '4548-4',
      display: 'Hemoglobin A1c/Hemoglobin.total in Blood',
      value: 7.1,
      unit: '%',
    },
  },
  {
    given: 'Teodor',
    family: 'Lindqvist',
    gender: 'male',
    birthDate: '1987-11-30',
    condition: { code: '55822004', display: 'Hyperlipidemia' },
    medication: { code: '314231', display: 'Simvastatin 10 MG Oral Tablet' },
    laboratory: {
      code: '2093-3',
      display: 'Cholesterol [Mass/volume] in Serum or Plasma',
      value: 242,
      unit: 'mg/dL',
    },
  },
];
