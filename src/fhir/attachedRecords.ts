import type { DocumentReference } from '@medplum/fhirtypes';
import type { RecordId } from '../protocol/ids.ts';

/**
 * The records that hold the files of a DocumentReference.
 *
 * @param resource - Any resource, or anything else.
 * @returns One for each attachment that names a record; none for what is not a DocumentReference.
 */
export function attachedRecords(resource: unknown): readonly RecordId[] {
  const { resourceType, content } = (resource ?? {}) as Partial<DocumentReference>;
  if (resourceType !== 'DocumentReference' || !Array.isArray(content)) return [];
  return content.flatMap((each: DocumentReference['content'][number] | null) => {
    return attachedRecord(each?.attachment?.url) ?? [];
  });
}

/**
 * Returns the record that holds the file at an address of an attachment.
 *
 * @param url - The address, or anything else.
 * @returns Undefined for any other address.
 */
export function attachedRecord(url: unknown): RecordId | undefined {
  const [, id] = /^Binary\/([0-9a-f]{64})$/.exec(String(url)) ?? [];
  return id === undefined ? undefined : `0x${id}`;
}
