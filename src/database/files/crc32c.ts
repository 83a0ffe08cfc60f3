/** CRC-32C (Castagnoli, RFC 3720 §12.1), reflected. */
const POLYNOMIAL = 0x82f63b78;
/** Bytes that one step reads. */
const SLICES = 8;
/** LevelDB stores checksums rotated and with this added, for data that contains checksums itself. */
const MASK = 0xa282ead8;

/** A table of 256 numbers for each byte of a step, the last byte’s first. */
const TABLE = table();

/**
 * Computes the CRC-32C of some bytes, as LevelDB stores it.
 *
 * @param bytes - Any length.
 * @returns 32 bits, masked.
 */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + MASK) >>> 0;
}

function crc32c(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - (bytes.length % SLICES);
  let crc = 0xffffffff;
  let at = 0;
  for (; at < end; at += SLICES) {
    const low = crc ^ view.getUint32(at, true);
    const high = view.getUint32(at + 4, true);
    crc =
      stepped(7, low) ^
      stepped(6, low >>> 8) ^
      stepped(5, low >>> 16) ^
      stepped(4, low >>> 24) ^
      stepped(3, high) ^
      stepped(2, high >>> 8) ^
      stepped(1, high >>> 16) ^
      stepped(0, high >>> 24);
  }
  for (; at < bytes.length; at++) {
    crc = (crc >>> 8) ^ stepped(0, crc ^ (bytes[at] ?? 0));
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** Remainder of a byte that so many bytes follow in its step. */
function stepped(behind: number, byte: number): number {
  return TABLE[256 * behind + (byte & 0xff)] ?? 0;
}

function table(): Uint32Array {
  const all = new Uint32Array(256 * SLICES);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    all[byte] = crc >>> 0;
  }
  for (let at = 256; at < all.length; at++) {
    const crc = all[at - 256] ?? 0;
    all[at] = ((crc >>> 8) ^ (all[crc & 0xff] ?? 0)) >>> 0;
  }
  return all;
}
