import { ADDRESS, BYTES32, OneOf } from '../../protocol/wire/findShapeError.ts';
import { END_PLACE } from '../right/placeOfEnd.ts';
import { TERMS } from '../../protocol/shapes/messageShape.ts';
import { DEVICE_TOLD } from '../right/rightAnswers.ts';

/** Shapes of what the verbs about devices print with `--json`. */

/** `device bind` */
export const DEVICE_BOUND = {
  /** Digest of the right, which the device signs into each batch. */
  grant: BYTES32,
  /** True if the same right stood before. */
  already: 'boolean',
  terms: TERMS,
  device: DEVICE_TOLD,
  /** The 12 letters that the device shows. */
  shortCode: 'text',
  /** With `--pin`: the file that was written. */
  'pin?': 'text',
} as const;

/** `device name` */
export const DEVICE_NAMED = {
  device: ADDRESS,
  shortCode: 'text',
  /** Absent if the name was taken back. */
  'name?': 'text',
} as const;

/** A device as the evidence tells of it, in `device list --follow`. */
export const DEVICE_FOLLOWED = {
  device: ADDRESS,
  shortCode: 'text',
  batches: 'count',
  /** The batch of its latest start with the highest numbers. */
  'last?': {
    digest: BYTES32,
    boot: 'count',
    first: 'count',
    count: 'count',
    clock: new OneOf('set', 'unset'),
    /** Unix milliseconds, or since the start of the device if it had no clock. */
    start: 'count',
    end: 'count',
    /** Moment of its entry, Unix seconds. */
    at: 'count',
  },
  /** Numbers of readings that are on no chart. */
  gaps: [{ boot: 'count', first: 'count', count: 'count' }],
  /** Batches that follow on one that is not there. */
  unlinked: [BYTES32],
  /** Two batches that cannot both be of one device. */
  forks: [{ one: BYTES32, other: BYTES32 }],
  /** Batches that came long after they ended. */
  late: [BYTES32],
  /** Refusals, by code, and how many of them were of batches that were entered afterwards. */
  refused: [{ code: 'text', count: 'count', entered: 'count' }],
} as const;

/** `device list` */
export const DEVICES_LISTED = {
  devices: [
    {
      grant: BYTES32,
      state: new OneOf('holds', 'coming', 'expired', 'suspended', 'unknown'),
      terms: TERMS,
      /** Absent if the right was given without naming the device. */
      'device?': DEVICE_TOLD,
      'shortCode?': 'text',
      /** Your own name for it. */
      'name?': 'text',
    },
  ],
  /** With `--pin`: the file that was written. */
  'pin?': 'text',
  /** With `--follow`: every device that the evidence tells of, those that were ended too. */
  'followed?': [DEVICE_FOLLOWED],
  /** With `--follow`: faults of the audit. */
  'faults?': ['text'],
} as const;

/** `device prove` */
export const READING_PROVED = {
  device: ADDRESS,
  /** Start of the device, and the reading's number since then. */
  start: 'count',
  number: 'count',
  /** The line that the device signed. */
  line: 'text',
  /** Place of the batch's entry. */
  log: 'text',
  index: 'count',
  /** The file that was written. */
  file: 'text',
} as const;

/** `device end` */
export const DEVICE_ENDED = {
  device: ADDRESS,
  ended: [END_PLACE],
  /** Grants whose grantees do not have the new key yet. */
  'pending?': [BYTES32],
  /** True if it was ended before. */
  'already?': 'boolean',
} as const;
