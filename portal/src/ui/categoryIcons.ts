import type { Category } from '../../../src/protocol/vocabulary.ts';
import type { IconName } from './iconNames.ts';

/** The drawing of each kind of records. */
export const CATEGORY_ICONS: Readonly<Record<Category, IconName>> = {
  demographics: 'id-card',
  encounters: 'calendar',
  conditions: 'stethoscope',
  allergies: 'triangle-alert',
  medications: 'pill',
  immunizations: 'syringe',
  laboratory: 'flask-conical',
  vitals: 'heart-pulse',
  imaging: 'image',
  reports: 'file-text',
  procedures: 'activity',
  plans: 'clipboard-list',
  coverage: 'shield-check',
  billing: 'receipt',
  'vital-records': 'scroll-text',
  other: 'files',
  sensitive: 'lock-keyhole',
};
