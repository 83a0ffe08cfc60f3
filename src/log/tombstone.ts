import { bytesToHex, concatBytes, hexToBytes } from '../crypto/bytes.ts';
import { readU64, u64 } from '../crypto/u64.ts';
import type { EntryBody } from '../protocol/evidence/evidence.ts';
import { ZERO32, type Handle } from '../protocol/ids.ts';
import { acceptedWrite } from './acceptedWrite.ts';
import type { WrittenVersion } from './WrittenVersion.ts';

/** Knowledge that stays of an entry whose body was erased: what the indexes say of it, but for its request. */
export interface Tombstone {
  /** The patient concerned. */
  readonly handle: Handle;
  /** The version of a record that the entry put on the patient's chart, if it put one, with its sealed file. */
  readonly version?: WrittenVersion;
}

/** Bytes of a tombstone, without a version and with one. A body that is there has more. */
const [PLAIN, WITH_VERSION] = [32, 104];

/**
 * Returns what stays of an erased body.
 *
 * @param body - The body.
 */
export function tombstoneOf(body: EntryBody): Tombstone {
  if (body.format === 'medseal-summary/1') return { handle: ZERO32 };
  const { handle } = body.request.message;
  const write = acceptedWrite(body);
  if (write === undefined) return { handle };
  const { record, version, file } = write;
  return { handle, version: { record, version, file } };
}

/** A tombstone as bytes: handle ‖ record ‖ version ‖ file. */
export function encodeTombstone({ handle, version }: Tombstone): Uint8Array {
  if (version === undefined) return hexToBytes(handle);
  const { record, version: number, file } = version;
  return concatBytes(hexToBytes(handle), hexToBytes(record), u64(number), hexToBytes(file));
}

/** The tombstone that a body's row holds; undefined if the body is there, or went without one. */
export function decodeTombstone(row: Uint8Array): Tombstone | undefined {
  if (row.length !== PLAIN && row.length !== WITH_VERSION) return undefined;
  const handle = bytesToHex(row.subarray(0, 32));
  if (row.length === PLAIN) return { handle };
  return {
    handle,
    version: {
      record: bytesToHex(row.subarray(32, 64)),
      version: readU64(row, 64),
      file: bytesToHex(row.subarray(72)),
    },
  };
}

/** Tells whether a body's row says that the body was erased. */
export function isErased(row: Uint8Array): boolean {
  return row.length === 0 || row.length === PLAIN || row.length === WITH_VERSION;
}
