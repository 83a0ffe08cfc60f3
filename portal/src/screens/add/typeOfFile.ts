/** Beginnings of files, by media type: a name can say anything. */
const BEGINNINGS: readonly (readonly [type: string, at: number, bytes: readonly number[]])[] = [
  ['application/pdf', 0, [0x25, 0x50, 0x44, 0x46]],
  ['image/png', 0, [0x89, 0x50, 0x4e, 0x47]],
  ['image/jpeg', 0, [0xff, 0xd8, 0xff]],
  ['image/gif', 0, [0x47, 0x49, 0x46, 0x38]],
  ['image/webp', 8, [0x57, 0x45, 0x42, 0x50]],
  ['application/dicom', 128, [0x44, 0x49, 0x43, 0x4d]],
];

/**
 * Returns the media type of a file by how it begins; what begins as nothing known is text if it can be, or just bytes.
 *
 * @param file - The file.
 */
export async function typeOfFile(file: Blob): Promise<string> {
  const start = new Uint8Array(await file.slice(0, 4096).arrayBuffer());
  const found = BEGINNINGS.find(([, at, bytes]) =>
    bytes.every((byte, place) => start[at + place] === byte),
  );
  if (found !== undefined) return found[0];
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true });
    return start.includes(0) ? 'application/octet-stream' : 'text/plain';
  } catch {
    return 'application/octet-stream';
  }
}
