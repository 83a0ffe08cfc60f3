import { BYTES32 } from '../../protocol/wire/findShapeError.ts';

/** Shapes of what the verbs about vaults print with `--json`. */

/** `vault migrate` */
export const VAULT_MIGRATED = {
  organisations: [
    {
      organisation: 'text',
      /** Files that were copied now. */
      copied: 'count',
      /** Files that the new store had, whole. */
      kept: 'count',
      /** Files that the old store does not have, or has with other bytes. */
      lost: [BYTES32],
    },
  ],
  /** Value of `vault.store` to set. */
  store: 'text',
} as const;

/** `vault take` */
export const STORE_TAKEN_OVER = {
  store: 'text',
  /** Organisations whose files another folder, or none, had marked as its own. */
  organisations: ['text'],
} as const;
