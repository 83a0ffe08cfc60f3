import { EVIDENCE_TYPES } from './evidenceTypes.ts';
import type { Messages } from './requests.ts';

/**
 * Types of requests that somebody verifies later: what proves the key of their party at that time goes along with them.
 */
export const LASTING_TYPES: readonly (keyof Messages)[] = [
  ...EVIDENCE_TYPES,
  'Letter',
  'Notify',
  'AccessRequest',
  'BirthLink',
];
