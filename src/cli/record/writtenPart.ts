import type { DocumentReference } from '@medplum/fhirtypes';
import type { ChartRecord } from '../../client/records/viewChart.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { visibleJson } from '../../errors/visibleJson.ts';
import type { PartContent } from '../../fhir/Part.ts';
import { writeFhirJson } from '../../fhir/writeFhirJson.ts';

/**
 * Writes a FHIR resource as it is given out.
 *
 * @param value - The resource.
 */
export function writtenFhir(value: object): Uint8Array {
  return utf8ToBytes(`${visibleJson(writeFhirJson(value, { indent: 2 }))}\n`);
}

/**
 * Returns the media type that a part states for the file in a record; nobody has validated the part.
 *
 * @param part - The part.
 * @param record - The record with the file.
 */
export function mediaTypeOf(
  { entries }: PartContent,
  { record }: Pick<ChartRecord, 'record'>,
): string | undefined {
  const { content = [] } = (entries[0]?.resource ?? {}) as Partial<DocumentReference>;
  const url = `Binary/${record.slice(2)}`;
  const type: unknown = content.find((each) => each?.attachment?.url === url)?.attachment
    .contentType;
  return typeof type === 'string' ? type : undefined;
}
