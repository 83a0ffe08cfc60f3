import type { Keccak } from '../trie/Keccak.ts';
import type { StoredLog } from '../store/StoredReceipt.ts';

/**
 * The bloom filter of logs (Yellow Paper §4.3.1): three bits for each address and topic.
 * @returns 256 bytes.
 */
export function logsBloom(logs: readonly StoredLog[], hashes: Keccak): Uint8Array {
  const bloom = new Uint8Array(256);
  for (const [address, topics] of logs) {
    for (const value of [address, ...topics]) {
      const digest = hashes.keccak256(value);
      for (let pair = 0; pair < 6; pair += 2) {
        const bit = (((digest[pair] ?? 0) << 8) | (digest[pair + 1] ?? 0)) & 2047;
        const at = 255 - (bit >> 3);
        bloom[at] = (bloom[at] ?? 0) | (1 << (bit & 7));
      }
    }
  }
  return bloom;
}
