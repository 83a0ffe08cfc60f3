import type { Party } from '../../../../src/client/index.ts';
import { bytesToHex } from '../../../../src/crypto/bytes.ts';
import type { Bytes32 } from '../../../../src/protocol/ids.ts';

/**
 * Returns the SHA-256 of a file, which stays on the device.
 *
 * @param party - For the hash.
 * @param file - The file.
 */
export async function hashOfChosen(
  { primitives }: Pick<Party, 'primitives'>,
  file: File,
): Promise<Bytes32> {
  return bytesToHex(primitives.sha256(new Uint8Array(await file.arrayBuffer())));
}
