import type { Coding, DocumentReference } from '@medplum/fhirtypes';
import type { RecordId } from '../protocol/ids.ts';
import type { RecordType } from '../protocol/struct/recordTypes.ts';
import { PROFILES, RESOURCE_TYPES } from './profileTable.ts';

/**
 * The kinds of documents that are told apart by more than their title: a DICOM file, an X-ray or a scan, sorted into
 * `imaging`; the file of an electrocardiograph, sorted into `reports`.
 */
export type DocumentKind = 'image' | 'ecg';

const LOINC = 'http://loinc.org';

const KINDS: Readonly<Record<DocumentKind, Coding>> = {
  image: { system: LOINC, code: '18748-4', display: 'Diagnostic imaging study' },
  ecg: { system: LOINC, code: '11524-6', display: 'EKG study' },
};

/**
 * The category of a DocumentReference: the table's, which a page that only adds documents need not load.
 *
 * @param kind - Of the document.
 */
export function categoryOfKind(kind: DocumentKind | undefined): 'imaging' | 'reports' {
  return kind === 'image' ? 'imaging' : 'reports';
}

/** A file that is not FHIR, as its DocumentReference tells of it. */
export interface DocumentDescribed {
  /** The record that holds the file's bytes. */
  readonly record: RecordId;
  /** Media type, such as `application/dicom`. */
  readonly contentType: string;
  /** For people. */
  readonly title: string;
  /** Bytes of the file, if they are known. */
  readonly size?: number;
  readonly kind?: DocumentKind;
  /** One of the six types of records, where its author says which. */
  readonly type?: RecordType;
  /** When it was put on the chart, Unix seconds. */
  readonly at: number;
}

/** FHIR has 31 bits for a size. */
const LARGEST = 2 ** 31 - 1;

/**
 * A FHIR R4 DocumentReference to a file that is a record of its own. The record's id is that of a Binary: 64 digits,
 * which is as long as FHIR lets an id be. The signed entry of that record binds the bytes.
 *
 * @param document - The document to refer to.
 */
export function makeDocumentReference(document: DocumentDescribed): DocumentReference {
  const { record, contentType, title, size, kind, type, at } = document;
  const coding = [...(kind ? [{ ...KINDS[kind] }] : []), ...(type ? [codingOf(type)] : [])];
  const date = new Date(at * 1000).toISOString();
  const fits = size !== undefined && size <= LARGEST;
  const url = `Binary/${record.slice(2)}`;
  return {
    resourceType: 'DocumentReference',
    status: 'current',
    ...(coding.length > 0 && { type: { coding } }),
    date,
    content: [{ attachment: { contentType, url, ...(fits && { size }), title, creation: date } }],
  };
}

function codingOf(type: RecordType): Coding {
  const { codes, types } = PROFILES[type];
  if (codes === undefined) return { system: RESOURCE_TYPES, code: types[0] };
  return { system: LOINC, code: codes[0] };
}
