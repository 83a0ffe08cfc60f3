import type { Category } from '../../protocol/vocabulary.ts';

/** The category of the record that each clinical form makes. A page can offer the forms by it before it loads them. */
export const FORM_CATEGORIES = {
  allergy: 'allergies',
  problem: 'conditions',
  'vital-signs': 'vitals',
  vaccination: 'immunizations',
  order: 'procedures',
  referral: 'procedures',
} as const satisfies Record<string, Category>;

/** The name of a clinical form. */
export type FormName = keyof typeof FORM_CATEGORIES;

/** Names of the clinical forms. */
export const FORM_NAMES = Object.keys(FORM_CATEGORIES) as readonly FormName[];
