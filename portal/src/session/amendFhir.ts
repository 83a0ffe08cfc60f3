import type { Bundle } from '@medplum/fhirtypes';
import {
  addAmendment,
  partIn,
  readRecord,
  type Chart,
  type ChartRecord,
  type AmendmentAdded,
  type Party,
} from '../../../src/client/index.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import { amendPart } from '../../../src/fhir/amendPart.ts';
import { encodePart } from '../../../src/fhir/encodePart.ts';
import type { PartContent } from '../../../src/fhir/Part.ts';
import { partToBundle } from '../../../src/fhir/partToBundle.ts';
import { writtenBundle } from '../../../src/fhir/writtenBundle.ts';
import { seconds } from '../../../src/protocol/Clock.ts';
import { fhirValidator } from '../fhir/fhirValidator.ts';

/** A correction of a record of FHIR. */
export interface FhirAmendment {
  readonly record: ChartRecord;
  /** Gives the record's resources as they shall be, in their order. */
  readonly change: (resources: Bundle) => Bundle;
  /** For people; may be empty. */
  readonly reason: string;
}

/**
 * Puts a corrected version of a record of FHIR on a chart. The former version stays behind it; who corrected it, when and why
 * stands in its Provenance.
 *
 * @param party - The author.
 * @param chart - The chart that lists the record, with the right to rely on.
 * @param amendment - The correction.
 * @returns Undefined if nothing is different: then nothing is added.
 * @throws MedsealError `FHIR_INVALID`; `PARTS_UNFIT` if an entry were added or removed, or belonged elsewhere; what
 * `readRecord` and `addAmendment` throw.
 */
export async function amendFhir(
  party: Party,
  chart: Chart,
  { record, change, reason }: FhirAmendment,
): Promise<AmendmentAdded | undefined> {
  const part = partIn((await readRecord(party, chart, record)).content, record);
  if (part === undefined) throw new MedsealError('NOT_FOUND', { what: 'FHIR' });
  const changed = fhirValidator().validateBundle(writtenBundle(change(partToBundle(part))));
  const { address: author, clock } = party;
  const { handle, grant, purpose } = chart;
  const at = seconds(clock);
  const amended = amendPart(part, changed, { party: author, at, purpose });
  if (amended.provenance === undefined) return undefined;
  return await addAmendment(party, {
    handle,
    purpose,
    ...(grant && { grant }),
    category: record.category,
    content: encodePart(withReason(amended, reason)),
    amends: record,
  });
}

function withReason(content: PartContent, text: string): PartContent {
  const { provenance } = content;
  if (provenance === undefined || text === '') return content;
  const reason = [...(provenance.reason ?? []), { text }];
  return { ...content, provenance: { ...provenance, reason } };
}
