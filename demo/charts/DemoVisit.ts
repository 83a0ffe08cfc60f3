import type { Concept } from './demoTerms.ts';

/** Name of a laboratory measurement of the demonstration. */
export type DemoTest =
  | 'hba1c'
  | 'glucose'
  | 'creatinine'
  | 'egfr'
  | 'cholesterol'
  | 'ldl'
  | 'hdl'
  | 'triglycerides'
  | 'haemoglobin'
  | 'alt';

/** Results of a laboratory on one day. */
export interface DemoResults {
  /** Days before the day on which the charts are filled. */
  readonly daysAgo: number;
  readonly values: Readonly<Partial<Record<DemoTest, number>>>;
  readonly conclusion: string;
}

/** An invented visit to a doctor: the findings and the treatment. */
export interface DemoVisit {
  /** Days before the day on which the charts are filled. */
  readonly daysAgo: number;
  /** In SNOMED CT. */
  readonly reason: Concept;
  /** Diagnoses, in SNOMED CT; one that is over names the days after which it was. */
  readonly conditions?: readonly (Concept & { readonly daysUntilOver?: number })[];
  /** Allergies, in SNOMED CT, and how they show. */
  readonly allergies?: readonly (Concept & {
    readonly severe: boolean;
    readonly reaction: Concept;
  })[];
  /** Medicines, in RxNorm. */
  readonly medications?: readonly (Concept & {
    readonly dose: string;
    readonly stopped?: boolean;
  })[];
  readonly vitals?: {
    readonly systolic: number;
    readonly diastolic: number;
    readonly pulse: number;
    /** Kilograms. */
    readonly weight: number;
    /** Degrees Celsius. */
    readonly temperature?: number;
  };
  /** Vaccines, in CVX. */
  readonly immunizations?: readonly Concept[];
  /** In SNOMED CT. */
  readonly procedures?: readonly Concept[];
  /** The doctor's conclusion, as a report. */
  readonly conclusion?: string;
  /** Next steps, as a plan of care. */
  readonly plan?: string;
  /** Euros on the bill to the insurer. */
  readonly bill?: number;
}
