import type { Bundle, BundleEntry } from '@medplum/fhirtypes';
import { MedsealError } from '../errors/MedsealError.ts';
import { exactJson } from './exactJson.ts';
import { type EntryGroup, groupEntries } from './groupEntries.ts';
import { type Amendment, makeProvenance } from './makeProvenance.ts';
import { parsePart } from './parsePart.ts';
import type { Part, PartContent } from './Part.ts';
import { reassembleBundle } from './reassembleBundle.ts';

/**
 * Splits the amended state of a bundle so that it fits the parts that are there. A part keeps its number, which ties
 * it to its record, and only parts that changed come out: each is the next version of its record or, where its number
 * is new, a new record. Of a part whose entries all went, a part without entries is left.
 *
 * @param contents - The content of every part as it is, emptied ones too, decoded from JSON, in any order.
 * @param amended - The bundle as it shall be; valid. It is not changed.
 * @param amendment - Who changes it, when and why; each part with changed entries carries it as a Provenance.
 * @returns The changed parts; none where nothing changed.
 * @throws MedsealError `NOT_YET` if a part is missing; `PARTS_UNFIT` if the contents are not those of one bundle.
 */
export function amendBundle(
  contents: readonly unknown[],
  amended: Bundle,
  amendment: Amendment,
): Part[] {
  const { entry: before = [] } = wholeOf(contents);
  const parts = new Map(contents.map(parsePart).map((content) => [content.part, content]));
  const first = parts.get(0);
  if (first?.whole === undefined) return [];
  const { set, whole } = first;

  const numbers = new Map(
    groupEntries(before, whole.by).map(({ key }, place) => [key, whole.order[place] ?? 0]),
  );
  let count = Math.max(...parts.keys()) + 1;
  const { entry: after = [], ...head } = amended;
  const groups = new Map<number, EntryGroup>();
  const order = groupEntries(after, whole.by).map((group) => {
    const number = numbers.get(group.key) ?? count++;
    numbers.set(group.key, number);
    groups.set(number, group);
    return number;
  });

  const changed: Part[] = [];
  for (let part = 0; part < count; part++) {
    const old = parts.get(part);
    const { category, entries = [] } = groups.get(part) ?? { category: old?.category };
    if (category === undefined) continue;
    const { provenance: _past, ...present } = old ?? {};
    const content: PartContent = {
      format: 'medseal-part/1',
      set,
      part,
      category,
      ...(part === 0 && { whole: { bundle: head, by: whole.by, order } }),
      entries,
    };
    if (exactJson(present) === exactJson(content)) continue;
    const touched = differing(old?.entries ?? [], entries);
    const activity = old === undefined ? 'CREATE' : entries.length === 0 ? 'NULLIFY' : 'UPDATE';
    const provenance = touched.length > 0 && {
      provenance: makeProvenance(amendment, activity, touched),
    };
    changed.push({ category, content: { ...content, ...provenance } });
  }
  return changed;
}

/** What is amended must all be there: a bundle of which a part is on its way cannot be told from one that lost it. */
function wholeOf(contents: readonly unknown[]): Bundle {
  const whole = reassembleBundle(contents);
  if (whole.complete) return whole.bundle;
  const what = `whole bundle (without part ${whole.missing.join(', ')})`;
  throw new MedsealError('NOT_YET', { what });
}

/** What is in one list of entries but not in the other; of an entry that was changed, the later state. */
function differing(before: readonly BundleEntry[], after: readonly BundleEntry[]): BundleEntry[] {
  const old = new Set(before.map(exactJson));
  const kept = new Set(after.map(exactJson));
  const addresses = new Set(after.map(({ fullUrl }) => fullUrl));
  return [
    ...after.filter((entry) => !old.has(exactJson(entry))),
    ...before.filter((entry) => !kept.has(exactJson(entry)) && !addresses.has(entry.fullUrl)),
  ];
}
