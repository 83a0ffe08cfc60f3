import { extname } from 'node:path';
import { bytesToUtf8 } from '../../crypto/bytes.ts';
import type { DocumentKind } from '../../fhir/makeDocumentReference.ts';

/** What a file that is no FHIR is, as far as its name and its first bytes tell. */
export interface FileDescribed {
  /** Media type (RFC 6838). */
  readonly contentType: string;
  readonly kind?: DocumentKind;
}

/** How many bytes of a file are looked at. */
export const BEGINNING = 4096;

/** Media types by what files are called; those of health care first. */
const BY_NAME: Readonly<Record<string, string>> = {
  '.dcm': 'application/dicom',
  '.dicom': 'application/dicom',
  '.scp': 'application/x-scp-ecg',
  '.edf': 'application/x-edf',
  '.bdf': 'application/x-bdf',
  '.hl7': 'application/hl7-v2',
  '.xml': 'application/xml',
  '.json': 'application/json',
  '.csv': 'text/csv',
  '.txt': 'text/plain',
  '.md': 'text/markdown',
  '.html': 'text/html',
  '.rtf': 'application/rtf',
  '.pdf': 'application/pdf',
  '.doc': 'application/msword',
  '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  '.odt': 'application/vnd.oasis.opendocument.text',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.svg': 'image/svg+xml',
  '.heic': 'image/heic',
  '.nii': 'application/x-nifti',
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.m4a': 'audio/mp4',
  '.mp4': 'video/mp4',
  '.mov': 'video/quicktime',
  '.zip': 'application/zip',
  '.gz': 'application/gzip',
};

/** Media types by the bytes that files begin with, each in Latin-1, and from which byte on. */
const BY_CONTENT: readonly (readonly [string, number, string])[] = [
  ['application/dicom', 128, 'DICM'],
  ['application/pdf', 0, '%PDF-'],
  ['image/png', 0, '\u0089PNG\r\n'],
  ['image/jpeg', 0, '\u00ff\u00d8\u00ff'],
  ['image/gif', 0, 'GIF8'],
  ['image/webp', 8, 'WEBP'],
  ['image/tiff', 0, 'II*\0'],
  ['image/tiff', 0, 'MM\0*'],
  ['application/x-edf', 0, `0${' '.repeat(7)}`],
  ['application/x-bdf', 0, '\u00ffBIOSEMI'],
  ['application/hl7-v2', 0, 'MSH|'],
];

const ECG = ['application/x-scp-ecg', 'application/x-edf', 'application/x-bdf'];
const IMAGE = ['application/dicom', 'application/x-nifti'];

/**
 * What a file is. What its bytes say goes before what it is called.
 *
 * @param name - Its name.
 * @param beginning - Its first bytes.
 * @param contentType - Its media type, where its owner says it.
 */
export function describeFile(
  name: string,
  beginning: Uint8Array,
  contentType: string = mediaTypeOf(name, beginning),
): FileDescribed {
  if (ECG.includes(contentType)) return { contentType, kind: 'ecg' };
  const isImage = IMAGE.includes(contentType) || contentType.startsWith('image/');
  return { contentType, ...(isImage && { kind: 'image' as const }) };
}

function mediaTypeOf(name: string, beginning: Uint8Array): string {
  const latin = Buffer.from(beginning).toString('latin1');
  const found = BY_CONTENT.find(([, place, mark]) => latin.startsWith(mark, place));
  if (found !== undefined) return found[0];
  return BY_NAME[extname(name).toLowerCase()] ?? (isText(beginning) ? 'text/plain' : BYTES);
}

const BYTES = 'application/octet-stream';

function isText(beginning: Uint8Array): boolean {
  if (beginning.includes(0)) return false;
  // The last character may be cut off.
  for (const cut of [0, 1, 2, 3]) {
    try {
      bytesToUtf8(beginning.subarray(0, beginning.length - cut));
      return true;
    } catch {
      if (beginning.length < BEGINNING) return false;
    }
  }
  return false;
}
