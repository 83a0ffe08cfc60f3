import { bytesToHex, hexToBytes } from '../crypto/bytes.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import { HEADER_FIELDS } from './chain/Header.ts';
import type { Keccak } from './trie/Keccak.ts';
import { rlpBytes, rlpList, rlpNumber } from './trie/rlp.ts';

/**
 * The hash that a block's header has (Yellow Paper §4.4, and the EIPs up to 7685).
 *
 * @param block - As JSON-RPC shows it; it may be malformed.
 * @returns Undefined if a field is missing or malformed, as on networks with other headers.
 */
export function headerHash(block: unknown, hashes: Keccak): Bytes32 | undefined {
  const fields = (block ?? {}) as Record<string, unknown>;
  try {
    const items = HEADER_FIELDS.map(([name, kind]) => {
      const value = String(fields[name]);
      return kind === 'data' ? rlpBytes(hexToBytes(value)) : rlpNumber(BigInt(value));
    });
    return bytesToHex(hashes.keccak256(rlpList(items)));
  } catch {
    return undefined;
  }
}
