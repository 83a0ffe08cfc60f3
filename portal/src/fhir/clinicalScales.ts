/** The scale of a curve of vital signs, and the values that are usual. */
export interface ClinicalScale {
  /** Values from which and to which a curve is drawn at least, in the unit of the readings. */
  readonly shown: readonly [low: number, high: number];
  /** Usual values of healthy adults at rest; children have others. */
  readonly usual: readonly [low: number, high: number];
  /** Publication that the usual values are from. */
  readonly source: string;
}

/** The National Library of Medicine's page of vital signs: an average healthy adult at rest; reviewed 2 February 2023. */
const MEDLINEPLUS = 'https://medlineplus.gov/ency/article/002341.htm';
/** National Early Warning Score 2 of the Royal College of Physicians, London 2017: the saturations that score nothing on scale 1. */
const NEWS2 = 'https://www.rcp.ac.uk/resources/national-early-warning-score-news-2/';

const PULSE: ClinicalScale = { shown: [40, 160], usual: [60, 100], source: MEDLINEPLUS };

/**
 * Scales by the MDC code of what was measured. A curve has the same scale at each look, so that its height says the same each time;
 * a value beyond it widens it.
 */
export const CLINICAL_SCALES: ReadonlyMap<number, ClinicalScale> = new Map([
  [147842, PULSE],
  [149530, PULSE],
  [149546, PULSE],
  [150456, { shown: [85, 100], usual: [96, 100], source: NEWS2 }],
  [150364, { shown: [35, 41], usual: [36.5, 37.3], source: MEDLINEPLUS }],
  [151562, { shown: [4, 40], usual: [12, 18], source: MEDLINEPLUS }],
  [150021, { shown: [70, 200], usual: [90, 120], source: MEDLINEPLUS }],
  [150022, { shown: [40, 120], usual: [60, 80], source: MEDLINEPLUS }],
]);

/**
 * Tells whether a value lies beside the usual ones.
 *
 * @param value - The value.
 * @param usual - The usual values.
 * @param digits - Digits behind the point that a reader sees: 99.6 beats are 100.
 */
export function besideUsual(
  value: number,
  [low, high]: ClinicalScale['usual'],
  digits: number,
): 'above' | 'below' | undefined {
  const seen = Number(value.toFixed(digits));
  if (seen > high) return 'above';
  return seen < low ? 'below' : undefined;
}
