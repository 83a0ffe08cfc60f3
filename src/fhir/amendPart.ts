import type { Bundle, BundleEntry } from '@medplum/fhirtypes';
import { MedsealError } from '../errors/MedsealError.ts';
import { categoryWithin } from './categoryWithin.ts';
import { exactJson } from './exactJson.ts';
import { type Amendment, makeProvenance } from './makeProvenance.ts';
import type { PartContent } from './Part.ts';

/**
 * Amends one part for someone who has only this part, as `partToBundle` shows it: entries change in their places, and
 * none is added or removed, for the first part says how many there are. None moves to another category either: whoever
 * holds the keys of this one would read what belongs to another.
 *
 * @param content - The part as it is.
 * @param amended - Its resources as they shall be; valid. The Provenance that `partToBundle` shows last may be there or
 * not.
 * @param amendment - Author, time and reason of the change.
 * @throws MedsealError `PARTS_UNFIT` if an entry was added or removed, or would be of another category.
 */
export function amendPart(
  { provenance: _past, ...content }: PartContent,
  amended: Bundle,
  amendment: Amendment,
): PartContent {
  const resources = content.entries.filter(({ resource }) => resource !== undefined).length;
  const given = amended.entry ?? [];
  const shown =
    given.length === resources + 1 && given.at(-1)?.resource?.resourceType === 'Provenance';
  const after = shown ? given.slice(0, -1) : given;
  if (after.length !== resources) {
    throw new MedsealError('PARTS_UNFIT', {
      reason: 'an entry was added or removed; amend the whole bundle',
    });
  }
  const categoryOf = categoryWithin({});
  let place = 0;
  const touched: BundleEntry[] = [];
  const entries = content.entries.map((entry) => {
    if (entry.resource === undefined) return entry;
    const next = { ...entry, ...after[place++] };
    if (categoryOf(next) !== categoryOf(entry)) {
      throw new MedsealError('PARTS_UNFIT', {
        reason: 'an entry would be of another category; amend the whole bundle',
      });
    }
    if (exactJson(next) !== exactJson(entry)) touched.push(next);
    return next;
  });
  const provenance = touched.length > 0 && {
    provenance: makeProvenance(amendment, 'UPDATE', touched),
  };
  return { ...content, entries, ...provenance };
}
