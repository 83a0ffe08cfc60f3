import { ADDRESS, BYTES32, OneOf } from '../../protocol/wire/findShapeError.ts';

/** Shapes of what the verbs about mandates print with `--json`. */

/** `mandate offer` */
export const MANDATE_OFFERED = {
  handle: BYTES32,
  /** Digest of the mandate. */
  mandate: BYTES32,
  /** First second at which it no longer holds, Unix seconds. */
  until: 'count',
  file: 'text',
} as const;

/** `mandate give`, `mandate end`, `mandate resign` */
export const MANDATE_PLACED = {
  mandate: BYTES32,
  transaction: BYTES32,
  block: 'count',
} as const;

/** `mandate list` */
export const MANDATES_LISTED = {
  handle: BYTES32,
  mandates: [
    {
      mandate: BYTES32,
      state: new OneOf('active', 'ended'),
      /** First second at which its key signs nothing more, Unix seconds; of one that a device knows, the earlier of its terms. */
      until: 'count',
      /** The party that acts; absent for one that no device of yours knows. */
      'representative?': ADDRESS,
      'reason?': 'text',
    },
  ],
} as const;
