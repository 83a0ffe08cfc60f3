import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Sha256 } from '../../crypto/merkle/Sha256.ts';
import { writeU64 } from '../../crypto/u64.ts';
import { ZERO32, type Bytes32 } from '../ids.ts';
import type { ReadingsHeader } from './ReadingsHeader.ts';

const LABEL = utf8ToBytes('medseal/readings/1');
const SIZE = LABEL.length + 161;
const EPOCH = 8;
const SALT = 16;

/**
 * Returns the digest that a device signs, which is the id of the record that holds the batch unless it is sealed under a release key
 * (`recordOfReadings`): SHA-256 over the label
 * `medseal/readings/1`, then `grant` (32 bytes), `boot` (4), `first` (8), `count` (4), `clock` (1: 1 if set), `start` (8),
 * `end` (8), `previous`, `root` and `file` (32 each), and of a batch that its device sealed `epoch` (8), under a release key `salt` (16) too; numbers big-endian. A
 * device computes it without a library.
 *
 * @param primitives - For SHA-256.
 * @param header - The statement.
 */
export function readingsDigest(primitives: Sha256, header: ReadingsHeader): Bytes32 {
  const { epoch, salt } = header;
  const more = (epoch === undefined ? 0 : EPOCH) + (salt === undefined ? 0 : SALT);
  const bytes = new Uint8Array(SIZE + more);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const put = (part: Uint8Array): void => {
    bytes.set(part, at);
    at += part.length;
  };
  const putU32 = (value: number): void => {
    view.setUint32(at, value);
    at += 4;
  };
  const putU64 = (value: number): void => {
    writeU64(bytes, at, value);
    at += 8;
  };
  put(LABEL);
  put(hexToBytes(header.grant));
  putU32(header.boot);
  putU64(header.first);
  putU32(header.count);
  bytes[at++] = header.clock === 'set' ? 1 : 0;
  putU64(header.start);
  putU64(header.end);
  for (const part of [header.previous, header.root, header.file]) put(hexToBytes(part));
  if (epoch !== undefined) putU64(epoch);
  if (salt !== undefined) put(hexToBytes(salt));
  return bytesToHex(primitives.sha256(bytes));
}

/**
 * Returns the digest of a batch's statement without what its sealing adds: `file` is zero, and there is no `epoch` and no `salt`. A
 * batch that its device sealed again has the same. Of a batch that a gateway seals it is what the device signed.
 *
 * @param primitives - For SHA-256.
 * @param header - The statement.
 */
export function unsealedDigest(
  primitives: Sha256,
  { epoch: _epoch, salt: _salt, ...header }: ReadingsHeader,
): Bytes32 {
  return readingsDigest(primitives, { ...header, file: ZERO32 });
}
