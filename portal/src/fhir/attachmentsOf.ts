import { fieldOf } from '../../../src/fhir/fieldOf.ts';
import { attachedRecords } from '../../../src/fhir/attachedRecords.ts';
import type { RecordId } from '../../../src/protocol/ids.ts';
import { shownText } from './shownText.ts';
import { valuesAt } from './valuesAt.ts';

/** A file that a resource has or names. */
export interface AttachmentShown {
  readonly title: string;
  /** Media type, in small letters; empty if it is not told. */
  readonly contentType: string;
  /** Bytes, if they are told. */
  readonly size?: number;
  /** The record that holds the file. */
  readonly record?: RecordId;
  /** Base64 of the file, if the resource holds it itself. */
  readonly data?: string;
}

/**
 * The files of a document or report.
 *
 * @param resource - Anything.
 */
export function attachmentsOf(resource: unknown): readonly AttachmentShown[] {
  const paths = ['content.attachment', 'presentedForm', 'content'];
  const found = paths.flatMap((path) => valuesAt(resource, path)).map(({ value }) => value);
  return found
    .filter((each) =>
      ['contentType', 'url', 'data'].some((name) => typeof fieldOf(each, name) === 'string'),
    )
    .map((each): AttachmentShown => {
      const [size, data] = [fieldOf(each, 'size'), fieldOf(each, 'data')];
      const [record] = attachedRecords({
        resourceType: 'DocumentReference',
        content: [{ attachment: each }],
      });
      return {
        title: shownText(fieldOf(each, 'title'), 200).replaceAll('\n', ' '),
        contentType: shownText(fieldOf(each, 'contentType'), 100).toLowerCase(),
        ...(typeof size === 'number' && size >= 0 && Number.isSafeInteger(size) && { size }),
        ...(record && { record }),
        ...(typeof data === 'string' && data !== '' && { data }),
      };
    });
}
