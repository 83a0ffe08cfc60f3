import type { EvidenceType } from './requests.ts';

/** The structs that become entries, refused ones as well. */
export const EVIDENCE_TYPES = [
  'Write',
  'View',
  'KeptView',
  'ViewSet',
  'Ask',
  'Erase',
] as const satisfies readonly EvidenceType[];
