import { ADDRESS, BYTES32 } from '../../protocol/wire/findShapeError.ts';

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
  /** Folders in which a channel's node was, and is no more. */
  'gone?': ['text'],
} as const;

/** `channel accounts` */
export const ACCOUNTS_WRITTEN = {
  file: 'text',
  accounts: [{ organisation: 'text', account: ADDRESS }],
} as const;

/** `channel admit` */
export const ACCOUNTS_ADMITTED = {
  accounts: [{ organisation: 'text', account: ADDRESS }],
  /** Organisations whose members of the authority admit them. */
  by: ['text'],
} as const;
