import type { Erase, Write } from '../struct/requests.ts';

/** A record version, as far as it decides whether it was erased. */
export type ErasableVersion = Pick<Write, 'handle' | 'category' | 'epoch'>;

/**
 * Tells whether an erasure is of a record version: of its chart and category, up to its epoch or a later one.
 *
 * @param erase - The erasure.
 * @param version - The version.
 */
export function erasesVersion(erase: Erase, version: ErasableVersion): boolean {
  return (
    erase.handle === version.handle &&
    erase.category === version.category &&
    version.epoch <= erase.epoch
  );
}
