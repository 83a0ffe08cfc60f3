import type { Bundle, BundleEntry } from '@medplum/fhirtypes';
import { MedsealError } from '../errors/MedsealError.ts';
import type { RecordId } from '../protocol/ids.ts';
import type { Category } from '../protocol/vocabulary.ts';
import { categoryWithin } from './categoryWithin.ts';
import { type EntryGroup, groupEntries } from './groupEntries.ts';
import { attachedRecords } from './attachedRecords.ts';
import { MOST_PARTS, type PartContent, type Whole } from './Part.ts';
import { isSensitive } from './securityLabels.ts';

/** Places of the entries of an amended bundle. */
export interface Placed {
  /** By the number of the part. */
  readonly groups: ReadonlyMap<number, EntryGroup>;
  /** For each entry the number of its part. */
  readonly order: readonly number[];
  /** Of all parts that there ever were. */
  readonly count: number;
}

/**
 * Tells which entries of an amended bundle go into which part: into the one where others of their kind lie, or into a new one.
 *
 * @param parts - The newest content of each part, by its number.
 * @param whole - Structure of the bundle, from part 0.
 * @param amended - The bundle as it shall be.
 * @param categories - The category of each record that the chart lists.
 * @throws MedsealError `PARTS_UNFIT` if the bundle itself was labelled, or what tells of a document: what lies under other
 * keys already, the first part's own words and the document's bytes, would stay there. Also for more than 65,536 parts.
 */
export function placeEntries(
  parts: ReadonlyMap<number, PartContent>,
  { bundle, by, order: before, editions = [] }: Whole,
  amended: Bundle,
  categories: ReadonlyMap<RecordId, Category> = new Map(),
): Placed {
  const { entry: entries = [], ...head } = amended;
  if (isSensitive(head) && parts.get(0)?.category !== 'sensitive') {
    throw beyondAmending('the bundle itself');
  }
  const lying = entriesIn(parts, before);
  // An entry that tells of a document lies where its author wanted it: in the first part, whoever may write in the
  // others.
  const chosen = new Map(
    lying
      .filter((each) => each.content.part === 0 && isWhereItsAuthorPutIt(each, categories))
      .map(({ entry, content }) => [attachedRecords(entry.resource).join(), content.category]),
  );
  chosen.delete('');
  const chosenOr =
    (categoryOf: (entry: BundleEntry) => Category) =>
    (entry: BundleEntry): Category => {
      const category = categoryOf(entry);
      const wanted = chosen.get(attachedRecords(entry.resource).join()) ?? category;
      if (category !== 'sensitive' || wanted === category) return wanted;
      throw beyondAmending('a document');
    };

  const numbers = new Map<string, number>();
  const taken = new Set<number>();
  const entry = lying.map((each) => each.entry);
  const kinds = groupEntries(entry, by, chosenOr(categoryWithin({ ...bundle, entry })));
  for (const [index, { content }] of lying.entries()) {
    const { key, category } = kinds[index] ?? {};
    // An entry in a part of another category, as an older table had it, moves out; and a part has one kind of entries.
    if (key === undefined || category !== content.category || numbers.has(key)) continue;
    if (taken.has(content.part)) continue;
    numbers.set(key, content.part);
    taken.add(content.part);
  }
  let count = [...parts.keys(), ...before].reduce(
    (most, part) => Math.max(most, part + 1),
    editions.length,
  );
  const groups = new Map<number, EntryGroup>();
  const order = groupEntries(entries, by, chosenOr(categoryWithin(amended))).map((group) => {
    const number = numbers.get(group.key) ?? count++;
    numbers.set(group.key, number);
    groups.set(number, group);
    return number;
  });
  if (count > MOST_PARTS) {
    throw new MedsealError('PARTS_UNFIT', {
      reason: `there would be more than ${MOST_PARTS} parts`,
    });
  }
  return { groups, order, count };
}

/**
 * Tells whether an entry of a first part tells of no document that lies in another category: whoever may write there tells of
 * those alone.
 *
 * @param lying - The entry, and its part.
 * @param categories - The category of each record that the chart lists.
 */
export function isWhereItsAuthorPutIt(
  { entry, content }: { readonly entry: BundleEntry; readonly content: PartContent },
  categories: ReadonlyMap<RecordId, Category>,
): boolean {
  return attachedRecords(entry.resource).every(
    (record) => (categories.get(record) ?? content.category) === content.category,
  );
}

/** Returns the refusal of an amendment by which something would be labelled that lies under other keys already. */
export function beyondAmending(what: string): MedsealError {
  const reason = `${what} is labelled now; withdraw its records and add it again`;
  return new MedsealError('PARTS_UNFIT', { reason });
}

/** All entries that there are, in the order of the bundle; then those that are not of the whole. */
function entriesIn(
  parts: ReadonlyMap<number, PartContent>,
  order: readonly number[],
): readonly { readonly entry: BundleEntry; readonly content: PartContent }[] {
  const all = [
    ...order,
    ...[...parts.values()].flatMap(({ part, entries }) => entries.map(() => part)),
  ];
  const next = new Map<number, number>();
  return all.flatMap((part) => {
    const place = next.get(part) ?? 0;
    next.set(part, place + 1);
    const content = parts.get(part);
    const entry = content?.entries[place];
    return content === undefined || entry === undefined ? [] : [{ entry, content }];
  });
}
