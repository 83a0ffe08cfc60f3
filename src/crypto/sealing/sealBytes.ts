import { collectBytes } from './collectBytes.ts';
import { seal } from './seal.ts';
import type { SealTarget } from './ageHeader.ts';
import type { SealingOptions } from './SealingOptions.ts';

/**
 * Seals bytes that fit in memory as a standard age v1 file.
 *
 * @param recipients - 1 to 32 post-quantum hybrid age recipients (`age1pq1…`).
 * @param plaintext - Any number of bytes.
 * @param options - As for `seal`.
 * @returns The file.
 * @throws MedsealError as `seal` does.
 */
export async function sealBytes(
  recipients: readonly SealTarget[],
  plaintext: Uint8Array,
  options?: Pick<SealingOptions, 'cipher'>,
): Promise<Uint8Array> {
  return await collectBytes(seal(recipients, [plaintext], { ...options, reuse: false }));
}
