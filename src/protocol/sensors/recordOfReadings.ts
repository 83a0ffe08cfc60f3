import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { encodeFields } from '../../crypto/encodeFields.ts';
import type { Sha256 } from '../../crypto/merkle/Sha256.ts';
import { u64 } from '../../crypto/u64.ts';
import type { RecordId } from '../ids.ts';
import { readingsDigest } from './readingsDigest.ts';
import type { ReadingsHeader } from './ReadingsHeader.ts';

const LABEL = utf8ToBytes('medseal/batch/1');

/**
 * Returns the id of the record that holds a batch. If its device sealed it under a release key, that is known before it is
 * sealed, as the seal is made for the record: SHA-256 over `medseal/batch/1`, `grant`, `boot`, `first` and `salt`, each behind its length, numbers as 8 bytes. Of any other batch it is the digest that the device signed.
 *
 * @param primitives - For SHA-256.
 * @param header - The statement.
 */
export function recordOfReadings(primitives: Sha256, header: ReadingsHeader): RecordId {
  if (header.salt === undefined) return readingsDigest(primitives, header);
  const { grant, boot, first, salt } = header;
  const fields = [LABEL, hexToBytes(grant), u64(boot), u64(first), hexToBytes(salt)];
  return bytesToHex(primitives.sha256(encodeFields(...fields)));
}
