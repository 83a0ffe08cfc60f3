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

/** `import` */
export const CHART_IMPORTED = {
  handle: BYTES32,
  file: 'text',
  /** Id of the network that the archive comes from. */
  network: BYTES32,
  /** The chart there. */
  from: BYTES32,
  /** Moment that the archive is of, Unix seconds. */
  at: 'count',
  /** Records of the archive that are on the chart now. */
  records: 'count',
  /** Of these, records that were there before. */
  before: 'count',
  /** Records that are not on it, by their ids in the archive, and why. */
  left: [{ record: BYTES32, version: 'count', code: 'text' }],
  /** Batches of readings, which stay in the archive. */
  batches: 'count',
  /** True if the same command may add what is left. */
  again: 'boolean',
  /** Faults of the archive, each in a sentence. */
  faults: ['text'],
} as const;
