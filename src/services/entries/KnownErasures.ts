import type { Handle } from '../../protocol/ids.ts';
import type { Write } from '../../protocol/requests.ts';

/** A record version, as far as it decides whether it was erased. */
export type ErasableVersion = Pick<Write, 'handle' | 'category' | 'epoch'>;

/** Erasures that a service knows of. */
export interface KnownErasures {
  /** Tells whether anything of a patient was erased. */
  has(handle: Handle): boolean | Promise<boolean>;
  /** Tells whether a record version was erased. */
  isErased(version: ErasableVersion): Promise<boolean>;
}
