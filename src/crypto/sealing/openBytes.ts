import type { Opener } from './ageHeader.ts';
import { collectBytes } from './collectBytes.ts';
import { open } from './open.ts';
import type { SealingOptions } from './SealingOptions.ts';

/**
 * Opens an age v1 file that fits in memory; gives all of it or nothing.
 *
 * @param openers - age identities (`AGE-SECRET-KEY-PQ-1…`), tried in turn, or the key of that one file.
 * @param ciphertext - The file.
 * @param options - As for `open`.
 * @returns The plaintext.
 * @throws MedsealError `SEAL_UNREADABLE` if no opener fits, or the file was altered; it does not tell which.
 */
export async function openBytes(
  openers: readonly Opener[],
  ciphertext: Uint8Array,
  options?: Pick<SealingOptions, 'cipher'>,
): Promise<Uint8Array> {
  return await collectBytes(open(openers, [ciphertext], { ...options, reuse: false }));
}
