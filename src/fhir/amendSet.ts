import type { Bundle, BundleEntry, Coding, Provenance } from '@medplum/fhirtypes';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Hex, RecordId } from '../protocol/ids.ts';
import type { Category } from '../protocol/vocabulary.ts';
import { inheritedLabels } from './categoryWithin.ts';
import { exactJson } from './exactJson.ts';
import { type Amendment, makeProvenance } from './makeProvenance.ts';
import type { Beside, Part, PartContent, Whole } from './Part.ts';
import { placeEntries } from './placeEntries.ts';

/** Author, time and reason of a change to a whole bundle. */
export interface WholeAmendment extends Amendment {
  /**
   * The category of each record that the chart lists. An entry that tells of a document stays in the category that its
   * author chose, if the document's record is of that category.
   */
  readonly categories?: ReadonlyMap<RecordId, Category>;
  /** 16 random bytes, never used for another amendment: they tie together what is to be seen together. */
  readonly edition: Hex;
}

/**
 * Splits the amended state of the bundle of one set, see `amendBundle`.
 *
 * @param contents - The newest content of every part, in any order; of several of one number the first counts.
 * @param amended - The bundle of this set as it shall be.
 * @param amendment - Author, time and reason of the change.
 * @param beside - Of labelled entries, what they are beside.
 * @throws MedsealError `NOT_YET` if a part is missing; `PARTS_UNFIT`.
 */
export function amendSet(
  contents: readonly PartContent[],
  amended: Bundle,
  amendment: WholeAmendment,
  beside?: Beside,
): Part[] {
  const parts = newestOf(contents);
  const { set, whole } = firstOf(parts);
  const { editions = [] } = whole;
  const { entry: _entries, ...bundle } = amended;
  const { groups, order, count } = placeEntries(parts, whole, amended, amendment.categories);

  const inherited = inheritedLabels(amended);
  const securityOf = (category: Category | undefined): readonly Coding[] =>
    category === 'sensitive' ? inherited : [];
  const entriesOf = (part: number): readonly BundleEntry[] => groups.get(part)?.entries ?? [];
  const numbers = [...new Set([...parts.keys(), ...groups.keys()])];
  const changed = numbers.toSorted(byNumber).filter((part) => {
    const old = parts.get(part);
    const isOfWhole = (old?.edition ?? null) === (editions[part] ?? null);
    const lain = [old?.security ?? [], old?.entries];
    const lies = [securityOf(old?.category), entriesOf(part)];
    // A part that has lost all its entries has an edition, which says that it was emptied and not left out.
    const isLeft = part !== 0 && !groups.has(part) && typeof editions[part] !== 'string';
    return old === undefined || !isOfWhole || isLeft || exactJson(lain) !== exactJson(lies);
  });
  const before = [whole.bundle, whole.order, parts.get(0)?.beside ?? null];
  const isSame = exactJson(before) === exactJson([bundle, order, beside ?? null]);
  if (isSame && changed.length === 0) return [];

  // One part that changes in its place is seen by itself; all else once part 0 says so.
  const isAlone = isSame && changed.length === 1;
  const written = isAlone ? changed : [...changed.filter((part) => part !== 0), 0];
  const editionOf = (part: number): Hex | null =>
    !isAlone && written.includes(part) ? amendment.edition : (editions[part] ?? null);
  const next = isAlone
    ? whole
    : {
        ...whole,
        bundle,
        order,
        editions: Array.from({ length: count }, (_, part) => editionOf(part)),
      };
  return written.map((part) => {
    const old = parts.get(part);
    const category = groups.get(part)?.category ?? old?.category ?? 'other';
    const edition = editionOf(part);
    const security = securityOf(category);
    const provenance = provenanceOf(old, entriesOf(part), amendment);
    return {
      category,
      content: {
        format: 'medseal-part/1',
        set,
        part,
        category,
        ...(part === 0 && { whole: next }),
        ...(edition !== null && { edition }),
        ...(security.length > 0 && { security }),
        ...(part === 0 && beside && { beside }),
        entries: entriesOf(part),
        ...(provenance && { provenance }),
      },
    };
  });
}

function byNumber(left: number, right: number): number {
  return left - right;
}

/**
 * The newest content of each part. A part numbered beyond those that are there is ignored, but for the next numbers,
 * which an amendment that was broken off leaves: a bundle has every number up to its last.
 */
function newestOf(contents: readonly PartContent[]): ReadonlyMap<number, PartContent> {
  const parts = contents.toReversed();
  const newest = new Map(parts.map((content) => [content.part, content]));
  const { order = [], editions = [] } = newest.get(0)?.whole ?? {};
  const known = order.reduce((most, part) => Math.max(most, part + 1), editions.length);
  let end = known;
  while (newest.has(end)) end++;
  return new Map([...newest].filter(([part]) => part < end));
}

/**
 * All parts must be there to be amended: a bundle of which a part is on its way cannot be told from one that lost it.
 */
function firstOf(parts: ReadonlyMap<number, PartContent>): { set: Hex; whole: Whole } {
  const { set, whole } = parts.get(0) ?? {};
  const missing = [...new Set([0, ...(whole?.order ?? [])])].filter((part) => !parts.has(part));
  if (set !== undefined && whole !== undefined && missing.length === 0) return { set, whole };
  throw new MedsealError('NOT_YET', { what: `whole bundle (without part ${missing.join(', ')})` });
}

/** The Provenance of a part with changed entries; as it was if none changed. */
function provenanceOf(
  old: PartContent | undefined,
  entries: readonly BundleEntry[],
  amendment: Amendment,
): Provenance | undefined {
  const touched = differing(old?.entries ?? [], entries);
  if (touched.length === 0) return old?.provenance;
  const activity = old === undefined ? 'CREATE' : entries.length === 0 ? 'NULLIFY' : 'UPDATE';
  return makeProvenance(amendment, activity, touched);
}

/** Entries that are in one list but not in the other; of an entry that was changed, the later state. */
function differing(before: readonly BundleEntry[], after: readonly BundleEntry[]): BundleEntry[] {
  const old = new Set(before.map(exactJson));
  const kept = new Set(after.map(exactJson));
  const addresses = new Set(after.map(({ fullUrl }) => fullUrl));
  return [
    ...after.filter((entry) => !old.has(exactJson(entry))),
    ...before.filter((entry) => !kept.has(exactJson(entry)) && !addresses.has(entry.fullUrl)),
  ];
}
