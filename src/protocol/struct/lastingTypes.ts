import type { Messages } from './requests.ts';

/**
 * Types of requests that somebody verifies later: what proves the key of their party at that time goes along with them.
 */
export const LASTING_TYPES: readonly (keyof Messages)[] = [
  'Write',
  'View',
  'KeptView',
  'ViewSet',
  'Ask',
  'Erase',
  'Letter',
  'AccessRequest',
  'BirthLink',
];
