import type { Category } from '../../../../src/protocol/vocabulary.ts';
import type { TermsChosen } from './ChooseTerms.tsx';
import type { PeriodChosen } from './untilChosen.ts';

/** Kinds of records that treatment needs: nothing sensitive, and nothing of money. */
const FOR_TREATMENT: readonly Category[] = [
  'demographics',
  'encounters',
  'conditions',
  'allergies',
  'medications',
  'immunizations',
  'laboratory',
  'vitals',
  'imaging',
  'reports',
  'procedures',
  'plans',
];

/** Terms and time that are chosen together. */
export interface SharePreset {
  readonly chosen: TermsChosen;
  readonly period: PeriodChosen;
}

/** The usual ways to share; each is looked at, and can be changed, before it is signed. */
export const SHARE_PRESETS = {
  doctor: {
    chosen: {
      categories: FOR_TREATMENT,
      actions: ['read', 'add', 'amend'],
      purpose: 'TREAT',
    },
    period: { period: 'year', date: '' },
  },
  visit: {
    chosen: { categories: FOR_TREATMENT, actions: ['read', 'add'], purpose: 'TREAT' },
    period: { period: 'month', date: '' },
  },
} as const satisfies Record<string, SharePreset>;
