import { bytesToHex } from '../../crypto/bytes.ts';
import { encodePart } from '../../fhir/encodePart.ts';
import {
  categoryOfKind,
  makeDocumentReference,
  type DocumentDescribed,
} from '../../fhir/makeDocumentReference.ts';
import { partOfResource } from '../../fhir/partOfResource.ts';
import { seconds } from '../../protocol/Clock.ts';
import { RECORD_TYPE_RULES } from '../../protocol/struct/recordTypes.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { addRecord } from './addRecord.ts';
import type { LoggedVersion } from './logVersion.ts';
import type { Party } from '../party/Party.ts';
import { requireRecordType } from './requireRecordType.ts';
import type { RecordContent, NewVersion } from './sealVersion.ts';

/** A file that is not FHIR, to be put on a patient's chart. */
export interface NewDocument
  extends
    Pick<NewVersion, 'handle' | 'purpose' | 'grant' | 'content' | 'once'>,
    Pick<DocumentDescribed, 'contentType' | 'title' | 'kind' | 'type'> {
  /** Category; chosen by its type or its kind if absent. */
  readonly category?: Category;
}

/** A file on a chart. */
export interface DocumentAdded {
  /** The file's bytes, as FHIR's Binary has them. */
  readonly binary: LoggedVersion;
  /** DocumentReference that describes it, as a bundle of one entry. */
  readonly reference: LoggedVersion;
}

/**
 * Puts a file of any size that is not FHIR on a chart, such as an image, a scan or the file of an electrocardiograph,
 * as two records of one category: the bytes, streamed, which coordinators find by their hash; and then a FHIR R4
 * DocumentReference that describes them. If the second write fails, only the bytes are on the chart.
 *
 * @param party - The author.
 * @param document - Content, patient, and right to rely on.
 * @throws MedsealError `RIGHT_MISSING`, `RIGHT_ENDED`; `NOT_FOUND` if nobody controls the handle, or the amended
 * version is not on the chart; `KEY_PENDING` if the patient has no keys of the category yet; `EPOCHS_EXHAUSTED` if the
 * patient must commit to epochs first; `EPOCH_STALE`, `EPOCH_DUE` if the keys turned at each attempt;
 * `FILE_BEYOND_QUOTA`, `QUOTA_SPENT`; `ARGUMENT_INVALID`; `KEY_UNAUTHENTIC`; `ROLE_UNFIT`.
 * @example
 * ```ts
 * import { createReadStream } from 'node:fs';
 * const content = () => createReadStream('scan.dcm');
 * const described = { contentType: 'application/dicom', title: 'Chest', kind: 'image' } as const;
 * await addDocument(doctor, { handle, content, ...described, purpose: 'TREAT', grant });
 * ```
 */
export async function addDocument(party: Party, document: NewDocument): Promise<DocumentAdded> {
  const { content, contentType, title, kind, type, once, ...version } = document;
  if (type) await requireRecordType(party, { type, own: version.grant === undefined });
  const of = { ...(kind && { kind }), ...(type && { type }) };
  const described = { contentType, title, ...of, at: seconds(party.clock) };
  const category = categoryOfDocument(document);
  const { counted, size } = counting(content);
  const binary = await addRecord(party, {
    ...version,
    category,
    content: counted,
    ...(once && { once: `${once}-binary` }),
  });
  const { record } = binary;
  const bytes = size();
  const resource = makeDocumentReference({
    ...described,
    record,
    ...(bytes !== undefined && { size: bytes }),
  });
  const part = partOfResource(bytesToHex(party.random(16)), category, resource);
  const reference = await addRecord(party, {
    ...version,
    category,
    content: encodePart(part),
    ...(once && { once: `${once}-reference` }),
  });
  return { binary, reference };
}

/**
 * Returns the category of a file that is not FHIR.
 *
 * @param document - Kind and type of the file, and the category if one was chosen.
 * @example
 * ```ts
 * const category = categoryOfDocument({ kind: 'image' });
 * console.log(`It goes to ${category}.`);
 * ```
 */
export function categoryOfDocument({
  category,
  kind,
  type,
}: Pick<NewDocument, 'category' | 'kind' | 'type'>): Category {
  if (category !== undefined) return category;
  // A report of an image lies with the images.
  return type === undefined || type === 'report'
    ? categoryOfKind(kind)
    : RECORD_TYPE_RULES[type].category;
}

/** The same content, and its number of bytes once it was read to its end. */
function counting(content: RecordContent): {
  readonly counted: RecordContent;
  readonly size: () => number | undefined;
} {
  if (typeof content !== 'function') return { counted: content, size: () => content.length };
  let size: number | undefined;
  return {
    counted() {
      const pieces = content();
      if (pieces.blob === undefined) return counted(pieces);
      size = pieces.blob.size;
      return pieces;
    },
    size: () => size,
  };

  async function* counted(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let read = 0;
    for await (const piece of pieces) {
      read += piece.length;
      yield piece;
    }
    size = read;
  }
}
