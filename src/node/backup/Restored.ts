import type { Organisation } from '../../protocol/ids.ts';

/** The file in a data folder that says that it was restored from a backup, until all that was missed is known again. */
export const RESTORED = 'restored.json';

/** What it says. */
export interface Restored {
  readonly format: 'medseal-restored/1';
  /** When it was restored, Unix seconds. */
  readonly at: number;
  /** The moment that the backup is of, Unix seconds. */
  readonly backedUpAt: number;
  /** Organisations of the folder that do not know yet what they missed. */
  readonly pending: readonly Organisation[];
}
