import { bytesToUtf8 } from '../crypto/bytes.ts';
import type { DocumentKind } from './makeDocumentReference.ts';
import { fileText } from './fileText.ts';
import { BY_BRAND, BY_CONTENT, BY_NAME, BY_ROOT, HEIF } from './mediaTypes.ts';
import { xmlRoot } from './xmlRoot.ts';

/** Type of a file that is not FHIR, as far as its name and its first bytes tell. */
export interface FileDescribed {
  /** Media type (RFC 6838). */
  readonly contentType: string;
  readonly kind?: DocumentKind;
}

/** Number of bytes of a file that are looked at. */
export const BEGINNING = 4096;

const ECG = [
  'application/x-scp-ecg',
  'application/x-edf',
  'application/x-bdf',
  'application/x-hl7-aecg+xml',
];
const IMAGE = ['application/dicom', 'application/x-nifti'];

/**
 * Describes a file: by its bytes first, then by its name.
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
  const latin = latinText(beginning);
  const found = BY_CONTENT.find(([, place, mark]) => latin.startsWith(mark, place));
  if (found !== undefined) return found[0];
  const byName = BY_NAME[/\.[^.]+$/.exec(name)?.[0].toLowerCase() ?? ''];
  return (
    brandOf(latin) ??
    textTypeOf(fileText(beginning).text, byName) ??
    byName ??
    (isText(beginning) ? 'text/plain' : BYTES)
  );
}

/** Bytes as characters of the same numbers. */
function latinText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

/** The type of an ISO base media file by its major brand; if that says little, by the compatible ones. */
function brandOf(latin: string): string | undefined {
  if (!latin.startsWith('ftyp', 4)) return undefined;
  const size = latin.charCodeAt(2) * 256 + latin.charCodeAt(3);
  const [major = '', , ...compatible] = latin.slice(8, size).match(/.{4}/gs) ?? [];
  const type = typeOfBrands([major]);
  return type === undefined || type === HEIF ? (typeOfBrands(compatible) ?? type) : type;
}

function typeOfBrands(brands: readonly string[]): string | undefined {
  return BY_BRAND.find(([, known]) => brands.some((brand) => known.test(brand)))?.[0];
}

/** The type of what is text, where it says more than its name does. */
function textTypeOf(text: string, byName: string | undefined): string | undefined {
  if (isHl7(text)) return 'application/hl7-v2';
  const root = xmlRoot(text);
  if (root === undefined) return undefined;
  if (root.namespace === 'urn:hl7-org:v2xml') return 'application/hl7v2+xml';
  const known = BY_ROOT[`${root.name} ${root.namespace}`];
  return (
    known ?? (byName === undefined && text.startsWith('<?xml') ? 'application/xml' : undefined)
  );
}

/**
 * HL7 v2 as it is encoded in text (HL7 2.x, chapter 2, §2.5): a message, a batch or a file of them, perhaps in the frame of
 * MLLP. Its header says which characters separate fields, and the first of them comes again behind the others.
 */
function isHl7(text: string): boolean {
  return /^[\s\v]*(?:MSH|BHS|FHS)([^\w\s])[^\w\s]{3,5}\1/.test(text);
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
