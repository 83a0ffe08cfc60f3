import type { ErrorCode } from '../../errors/catalogue.ts';

/**
 * The codes that an entry of a refusal can have: each is a judgement that coordinators can repeat from their own view,
 * about a request that came in time. Other refusals are answered and counted in a summary.
 */
const REFUSAL_CODES = [
  'CATEGORY_EXCLUDED',
  'CHART_FROZEN',
  'EPOCH_STALE',
  'FILE_MISMATCH',
  'FILE_TAKEN',
  'KEEP_TOO_LONG',
  'LINE_OF_ANOTHER',
  'NOT_FOUND',
  'PARTY_SUSPENDED',
  'READINGS_INVALID',
  'READINGS_UNTIMELY',
  'RECORD_ERASED',
  'REQUEST_ALTERED',
  'REQUEST_MALFORMED',
  'RETENTION_ACTIVE',
  'RIGHT_ENDED',
  'RIGHT_MISSING',
  'ROLE_UNFIT',
] as const satisfies readonly ErrorCode[];

/** A code that an entry of a refusal can have. */
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/**
 * Tells whether an entry of a refusal can have this code.
 *
 * @param code - Not trusted.
 */
export function isRefusalCode(code: string | undefined): code is RefusalCode {
  return (REFUSAL_CODES as readonly (string | undefined)[]).includes(code);
}
