/** CRC-32C (Castagnoli, RFC 3720 §12.1), reflected. */
const POLYNOMIAL = 0x82f63b78;
/** Bytes that one step reads. */
const SLICES = 8;
/** LevelDB stores checksums rotated and with this added, for data that contains checksums itself. */
const MASK = 0xa282ead8;

const TABLES = tables();

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
    crc = 0;
    for (let i = 0; i < 4; i++) {
      crc ^=
        (TABLES[7 - i]?.[(low >>> (8 * i)) & 0xff] ?? 0) ^
        (TABLES[3 - i]?.[(high >>> (8 * i)) & 0xff] ?? 0);
    }
  }
  for (; at < bytes.length; at++) {
    crc = (crc >>> 8) ^ (TABLES[0]?.[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function tables(): readonly Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    return crc >>> 0;
  });
  const all = [first];
  for (let slice = 1; slice < SLICES; slice++) {
    const before = all[slice - 1] ?? first;
    all.push(before.map((crc) => ((crc >>> 8) ^ (first[crc & 0xff] ?? 0)) >>> 0));
  }
  return all;
}
