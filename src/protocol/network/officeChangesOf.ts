import { canonicalJson } from '../wire/canonicalJson.ts';
import { coordinatorsIn, organisationId } from './networkLookups.ts';
import type { NetworkFile } from './NetworkFile.ts';
import type { OfficeChange } from '../struct/requests.ts';

/** A change of an office at the ledger, without the number and deadline that it gets there. */
export type OfficeTerms = Omit<OfficeChange, 'change' | 'deadline'>;

/**
 * Returns the changes that the Registry's offices need, so that they are those of the successor of a network file.
 *
 * @param predecessor - The file before.
 * @param network - Its successor.
 */
export function officeChangesOf(
  predecessor: NetworkFile,
  network: NetworkFile,
): readonly OfficeTerms[] {
  const before = termsOf(predecessor).map((each) => canonicalJson(each));
  return termsOf(network).filter((each) => !before.includes(canonicalJson(each)));
}

/** The offices that the Registry has; its coordinators are those of the first channel. */
function termsOf({ authority, channels }: NetworkFile): readonly OfficeTerms[] {
  const [coordinators] = channels.map(coordinatorsIn);
  const offices = { authority, ...(coordinators && { coordinators }) };
  return (['authority', 'coordinators'] as const).flatMap((office) => {
    const held = offices[office];
    if (held === undefined) return [];
    const { members, threshold } = held;
    return [
      {
        office,
        members: members.map(({ address }) => address),
        organisations: members.map(({ organisation }) => organisationId(organisation)),
        threshold,
      },
    ];
  });
}
