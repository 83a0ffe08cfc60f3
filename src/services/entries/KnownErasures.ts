import type { ErasableVersion } from '../../protocol/rights/erasesVersion.ts';
import type { Handle } from '../../protocol/ids.ts';

/** Erasures that a service knows of. */
export interface KnownErasures {
  /** Tells whether anything of a patient was erased. */
  has(handle: Handle): boolean | Promise<boolean>;
  /** Tells whether a record version was erased. */
  isErased(version: ErasableVersion): Promise<boolean>;
}
