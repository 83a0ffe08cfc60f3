import { ADDRESS, BYTES32, OneOf } from '../../protocol/wire/findShapeError.ts';

/** Shapes of what the verbs about readings print with `--json`. */

/** Formats that readings are exported in. */
export const READINGS_FORMATS = ['csv', 'fhir', 'raw'] as const;
export type ReadingsFormat = (typeof READINGS_FORMATS)[number];

/** `readings list` */
export const READINGS_LISTED = {
  handle: BYTES32,
  devices: [
    {
      device: ADDRESS,
      shortCode: 'text',
      batches: [
        {
          record: BYTES32,
          /** Start of the device, number of the first reading since then, and number of readings. */
          start: 'count',
          first: 'count',
          count: 'count',
          /** Moments of its beginning and end, Unix milliseconds. */
          from: 'count',
          until: 'count',
          /** Moment of its entry, Unix seconds. */
          at: 'count',
          /** False if readings are missing before it, it begins a start of the device, or is one of a fork. */
          follows: 'boolean',
          /** True if readings of the same start are missing before it, or it is the first of a start and begins after 0. */
          gap: 'boolean',
          /** True if another batch has readings of the same numbers. */
          forked: 'boolean',
          /** True if it came more than five minutes after its end. */
          late: 'boolean',
        },
      ],
    },
  ],
} as const;

/** `readings export` */
export const READINGS_EXPORTED = {
  handle: BYTES32,
  file: 'text',
  format: new OneOf(...READINGS_FORMATS),
  /** Batches and readings in the file. */
  batches: 'count',
  readings: 'count',
  /** Places at which readings are missing. */
  gaps: 'count',
  /** Batches that could not be opened, and why. */
  unopened: [{ record: BYTES32, code: 'text' }],
  bytes: 'count',
} as const;
