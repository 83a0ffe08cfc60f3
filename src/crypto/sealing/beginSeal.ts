import { randomBytes } from '@noble/hashes/utils.js';
import { concatBytes } from '../bytes.ts';
import { createHeader, type SealTarget } from './ageHeader.ts';
import type { HybridKem } from './HybridKem.ts';
import { PAYLOAD_NONCE, payloadKey } from './payloadKey.ts';

/** The beginning of a sealed file, and the key of what follows. */
export interface SealBegun {
  /** Header and nonce. */
  readonly head: Uint8Array;
  /** Key of the payload, 32 bytes. */
  readonly key: Uint8Array;
}

/**
 * Begins a standard age v1 file. Keys and nonces come from the platform's generator and cannot be injected: one that
 * repeats would give the plaintext away.
 *
 * @param recipients - 1 to 32 post-quantum hybrid age recipients (`age1pq1…`).
 * @param kem - A fast encapsulation; the library's if absent.
 * @throws MedsealError `REQUEST_MALFORMED` if a recipient is malformed, or the list is empty; `REQUEST_TOO_LARGE` if
 * there are too many.
 */
export async function beginSeal(
  recipients: readonly SealTarget[],
  kem?: HybridKem,
): Promise<SealBegun> {
  const header = await createHeader(recipients, kem);
  const nonce = randomBytes(PAYLOAD_NONCE);
  return { head: concatBytes(header.bytes, nonce), key: payloadKey(header.fileKey, nonce) };
}
