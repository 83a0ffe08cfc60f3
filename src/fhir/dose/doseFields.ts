import type { FormField } from '../forms/FormField.ts';

/** Routes by which a medicine is taken: their codes in SNOMED CT, as FHIR's value set `route-codes` has them, and English words. */
export const DOSE_ROUTES = {
  oral: ['26643006', 'by mouth'],
  sublingual: ['37839007', 'under the tongue'],
  inhaled: ['447694001', 'by inhalation'],
  nasal: ['46713006', 'into the nose'],
  eye: ['54485002', 'into the eye'],
  ear: ['10547007', 'into the ear'],
  skin: ['6064005', 'on the skin'],
  patch: ['45890007', 'as a patch'],
  rectal: ['37161004', 'into the rectum'],
  vaginal: ['16857009', 'into the vagina'],
  subcutaneous: ['34206005', 'under the skin'],
  intramuscular: ['78421000', 'into a muscle'],
  intravenous: ['47625008', 'into a vein'],
} as const satisfies Record<string, readonly [code: string, words: string]>;

/** A route of a structured dose. */
export type DoseRoute = keyof typeof DOSE_ROUTES;

/** Times of the day at which a medicine is taken: HL7's codes of an event, and English words. */
export const DOSE_MOMENTS = {
  MORN: 'in the morning',
  NOON: 'at noon',
  EVE: 'in the evening',
  HS: 'before sleep',
} as const;

/** Most doses of a day, and most days of one order: whoever means more writes it in words. */
export const [MOST_TIMES, MOST_DAYS] = [24, 365];

/**
 * The fields of a structured dose: amount and unit of one taking; how often, which is times a day, times of the day, the clock,
 * or every so many hours or days; for how long; the route; and whether it is taken only if needed.
 */
export const DOSE_FIELDS: readonly FormField[] = [
  {
    name: 'amount',
    type: 'number',
    low: 0.001,
    high: 100_000,
    decimals: 3,
    usual: [0.1, 100],
    required: true,
  },
  { name: 'unit', type: 'text', longest: 40, required: true },
  {
    name: 'often',
    type: 'choice',
    choices: ['a-day', 'moments', 'by-clock', 'by-hours', 'by-days'],
    first: 'a-day',
  },
  {
    name: 'times',
    type: 'number',
    low: 1,
    high: MOST_TIMES,
    decimals: 0,
    usual: [1, 8],
    required: true,
    only: ['often', 'a-day'],
  },
  {
    name: 'when',
    type: 'several',
    choices: Object.keys(DOSE_MOMENTS),
    required: true,
    only: ['often', 'moments'],
  },
  { name: 'clock', type: 'clock', most: MOST_TIMES, required: true, only: ['often', 'by-clock'] },
  {
    name: 'hours',
    type: 'number',
    low: 1,
    high: 72,
    decimals: 0,
    required: true,
    only: ['often', 'by-hours'],
  },
  {
    name: 'pause',
    type: 'number',
    low: 1,
    high: 90,
    decimals: 0,
    required: true,
    only: ['often', 'by-days'],
  },
  { name: 'days', type: 'number', low: 1, high: MOST_DAYS, decimals: 0, usual: [1, 180] },
  { name: 'route', type: 'choice', choices: Object.keys(DOSE_ROUTES) },
  { name: 'needed', type: 'choice', choices: ['no', 'yes'], first: 'no' },
];
