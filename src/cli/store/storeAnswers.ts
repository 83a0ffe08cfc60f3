import { BYTES32 } from '../../protocol/wire/findShapeError.ts';

/** Shapes of what the verbs about stores print with `--json`. */

/** `store migrate` */
export const STORES_MIGRATED = {
  organisations: [
    {
      organisation: 'text',
      stores: [
        {
          name: 'text',
          rows: 'count',
          /** Hash over all rows, which both places have. */
          sha256: BYTES32,
          /** False if the new place had it whole. */
          isCopied: 'boolean',
        },
      ],
    },
  ],
  /** The new place, without a user. */
  place: 'text',
} as const;
