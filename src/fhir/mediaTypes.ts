/** Media types by what files are called; those of health care first. */
export const BY_NAME: Readonly<Record<string, string>> = {
  '.dcm': 'application/dicom',
  '.dicom': 'application/dicom',
  '.scp': 'application/x-scp-ecg',
  '.edf': 'application/x-edf',
  '.bdf': 'application/x-bdf',
  '.hl7': 'application/hl7-v2',
  '.cda': 'application/cda+xml',
  '.ccda': 'application/cda+xml',
  '.aecg': 'application/x-hl7-aecg+xml',
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
  '.heif': 'image/heif',
  '.avif': 'image/avif',
  '.nii': 'application/x-nifti',
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.m4a': 'audio/mp4',
  '.mp4': 'video/mp4',
  '.mov': 'video/quicktime',
  '.zip': 'application/zip',
  '.gz': 'application/gzip',
};

/**
 * Media types by the bytes that files begin with, each in Latin-1, and from which byte on: DICOM PS3.10 §7.1, SCP-ECG
 * (EN 1064) section 0, the EDF and BDF headers, and what IANA registers or the formats' own
 * specifications say of the others. No library that we found knows the formats of health care.
 */
export const BY_CONTENT: readonly (readonly [string, number, string])[] = [
  ['application/dicom', 128, 'DICM'],
  // Without the preamble: the group length of the file's meta information comes first.
  ['application/dicom', 0, '\u0002\0\0\0UL\u0004\0'],
  ['application/x-scp-ecg', 16, 'SCPECG'],
  ['application/x-edf', 0, `0${' '.repeat(7)}`],
  ['application/x-bdf', 0, '\u00ffBIOSEMI'],
  ['application/pdf', 0, '%PDF-'],
  ['image/png', 0, '\u0089PNG\r\n'],
  ['image/jpeg', 0, '\u00ff\u00d8\u00ff'],
  ['image/gif', 0, 'GIF8'],
  ['image/webp', 8, 'WEBP'],
  ['image/tiff', 0, 'II*\0'],
  ['image/tiff', 0, 'MM\0*'],
];

/** An image or a sequence of them, in whatever encoding. */
export const HEIF = 'image/heif';

/** Media types by the brands of an ISO base media file (ISO/IEC 14496-12 §4.3); what says more comes first. */
export const BY_BRAND: readonly (readonly [string, RegExp])[] = [
  ['image/avif', /^avi[fs]$/],
  ['image/heic', /^he(?:ic|ix|im|is|vc|vx|vm|vs)$/],
  [HEIF, /^m(?:if|sf)1$/],
  ['video/quicktime', /^qt {2}$/],
  ['audio/mp4', /^M4[AB] $/],
  ['video/mp4', /^(?:iso[m2-6]|mp4[12]|avc1|M4V )$/],
];

/**
 * Media types by the first element of XML, with its namespace. CDA and HL7 v2 in XML are registered with IANA; for the annotated
 * electrocardiogram nothing is.
 */
export const BY_ROOT: Readonly<Record<string, string>> = {
  'ClinicalDocument urn:hl7-org:v3': 'application/cda+xml',
  'AnnotatedECG urn:hl7-org:v3': 'application/x-hl7-aecg+xml',
};
