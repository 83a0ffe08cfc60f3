import { hexToBytes } from '../../crypto/bytes.ts';
import type { BodyEncryption } from '../../log/encryptBodies.ts';
import type { Bytes32 } from '../../protocol/ids.ts';

/**
 * Decrypts the row in which a coordinator keeps a body that it judged.
 *
 * @param bodies - Encrypts the bodies that it keeps.
 * @param entry - SHA-256 of the body.
 * @param row - The row; undefined if it is absent.
 * @returns The body; undefined if the row is absent or was altered.
 */
export function openJudged(
  bodies: Pick<BodyEncryption, 'open'>,
  entry: Bytes32,
  row: Uint8Array | undefined,
): Uint8Array | undefined {
  try {
    return row && bodies.open(0, row, hexToBytes(entry));
  } catch {
    return undefined;
  }
}
