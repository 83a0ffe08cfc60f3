import { BYTES32 } from '../../protocol/wire/findShapeError.ts';

/** `export` */
export const CHART_EXPORTED = {
  handle: BYTES32,
  file: 'text',
  /** Moment that the archive is of, Unix seconds. */
  at: 'count',
  /** Record versions in it. */
  records: 'count',
  /** Of these, versions that were there before. */
  before: 'count',
  /** Record versions that the patient had erased. */
  erased: 'count',
  /** Record versions that could not be read now, and why. */
  left: [{ record: BYTES32, version: 'count', code: 'text' }],
  bytes: 'count',
  /** Faults of the audit and of the chart’s list, each in a sentence. */
  faults: ['text'],
} as const;
