import type { Bundle } from '@medplum/fhirtypes';
import type { RecordContent } from '../../client/records/sealVersion.ts';
import type { ChartRecord } from '../../client/records/viewChart.ts';
import { amendBundle } from '../../fhir/amendBundle.ts';
import type { WholeAmendment } from '../../fhir/amendSet.ts';
import type { PartContent } from '../../fhir/Part.ts';
import { encodePart } from '../../fhir/encodePart.ts';
import { nameRecords } from '../../fhir/nameRecords.ts';
import type { RecordId } from '../../protocol/ids.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import type { PartRecord } from '../../client/records/readParts.ts';

/** A version of a record that is to be: the next one, or the first of a new record. */
export interface NextVersion {
  readonly category: Category;
  readonly content: RecordContent;
  /** Makes the bytes to seal in place of `content`, once the versions before it are logged as these records. */
  readonly contentAfter?: (logged: readonly RecordId[]) => Uint8Array;
  readonly amends?: ChartRecord;
}

/**
 * Plans an amendment of a whole FHIR bundle: the versions to be logged in their order. The last one is of part 0, if more than one
 * part changed, and names the record of each part.
 *
 * @param parts - All parts, as `readParts` gives them.
 * @param bundle - The bundle as it shall be; valid.
 * @param amendment - Author, time and reason of the change.
 * @throws MedsealError as `amendBundle`.
 */
export function amendParts(
  parts: readonly PartRecord[],
  bundle: Bundle,
  amendment: WholeAmendment,
): readonly NextVersion[] {
  // A part in whose place lies something else is written again: to the amendment it is of no edition that there is.
  const { edition } = amendment;
  const before = parts.map(({ content, replaced = false }) =>
    replaced ? { ...content, edition } : content,
  );
  const changed = amendBundle(before, bundle, amendment);
  const records = new Map(
    parts.toReversed().map(({ content, record }) => [nameOf(content), { content, record }]),
  );
  return changed.map(({ category, content }) => {
    const amends = records.get(nameOf(content))?.record;
    return {
      category,
      content: encodePart(content),
      ...(content.part === 0 && {
        contentAfter: (logged) => {
          const { set } = content;
          const known = [...records.values()]
            .filter((each) => each.content.set === set)
            .map((each) => [each.content.part, each.record.record] as const);
          const added = logged.flatMap((id, at) => {
            const of = changed[at]?.content;
            return of?.set === set ? [[of.part, id] as const] : [];
          });
          return encodePart(nameRecords(content, new Map([...known, ...added])));
        },
      }),
      ...(amends && { amends }),
    };
  });
}

/** A part among those of the bundle's two sets. */
function nameOf({ set, part }: PartContent): string {
  return `${set}/${part}`;
}
