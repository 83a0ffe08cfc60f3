import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { rootOf } from '../../crypto/merkle/rootOf.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { canonicalJson } from '../wire/canonicalJson.ts';
import type { EpochSheet } from './epochs.ts';
import type { Bytes32 } from '../ids.ts';

/**
 * Returns the leaf hash of an epoch's sheet, over SHA-256 of its canonical JSON.
 *
 * @param primitives - Hashes.
 * @param sheet - The sheet.
 * @returns 32 bytes.
 */
export function sheetLeaf(primitives: Pick<Primitives, 'sha256'>, sheet: EpochSheet): Uint8Array {
  return leafHash(primitives, primitives.sha256(utf8ToBytes(canonicalJson(sheet))));
}

/**
 * Returns the root that a patient commits to: the RFC 9162 root over the sheets of consecutive epochs.
 *
 * @param primitives - Hashes.
 * @param sheets - In the order of their epochs.
 */
export function sheetsRoot(
  primitives: Pick<Primitives, 'sha256'>,
  sheets: readonly EpochSheet[],
): Bytes32 {
  const leaves = sheets.map((sheet) => sheetLeaf(primitives, sheet));
  return bytesToHex(rootOf(primitives, leaves));
}
