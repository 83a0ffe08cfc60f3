import { ADDRESS, BYTES32 } from '../../protocol/findShapeError.ts';

/** Shapes of what the verbs about channels print with `--json`. */

/** `channel list` */
export const CHANNELS_LISTED = {
  channels: [
    {
      name: 'text',
      networkId: BYTES32,
      /** SHA-256 of its newest network file. */
      fingerprint: BYTES32,
      /** Folder of the organisation's node in it. */
      data: 'text',
      organisations: ['text'],
      /** Categories that may be written; all if absent. */
      'categories?': ['text'],
      thresholds: { writes: 'count', views: 'count' },
    },
  ],
} as const;

/** `channel admit` */
export const ACCOUNTS_ADMITTED = {
  accounts: [{ organisation: 'text', account: ADDRESS }],
  /** Organisations whose members of the authority admit them. */
  by: ['text'],
} as const;
