import type { Bundle } from '@medplum/fhirtypes';
import { amendSet, type WholeAmendment } from './amendSet.ts';
import { divideLabelled, type Divided, type Labelled } from './divideLabelled.ts';
import { attachedRecords } from './attachedRecords.ts';
import { makeProvenance } from './makeProvenance.ts';
import { parsePart } from './parsePart.ts';
import type { Part, PartContent } from './Part.ts';
import { beyondAmending, isWhereItsAuthorPutIt } from './placeEntries.ts';
import { setsOfBundle } from './reassembleBundle.ts';
import { isSensitive } from './securityLabels.ts';
import { setBeside, splitSet } from './splitBundle.ts';

/**
 * Splits the amended state of a bundle so that it fits the parts that are there. A part keeps its number, which ties it
 * to its record, and only parts that changed come out: each is the next version of its record or, if its number is new,
 * a new record. Of a part whose entries all went, a part without entries is left. An entry whose category is another
 * now, because it was labelled, goes to a part of that category; what was sealed before stays as it was.
 *
 * Add them in the order in which they come. Part 0 comes last, and with it all of them become part of the bundle; until
 * then, and if part 0 is never added, `reassembleBundle` gives the earlier bundle. If an amendment was broken off, the
 * next one mends what it left.
 *
 * Labelled entries are amended in their own set: the parts of all others say nothing of it.
 *
 * @param contents - The newest content of every part, decoded from JSON, in any order; of several of one number the first counts.
 * @param amended - The bundle as it shall be; valid. It is not changed.
 * @param amendment - Author, time and reason of the change; each part with changed entries carries it as a Provenance.
 * @returns The changed parts; none if nothing changed.
 * @throws MedsealError `NOT_YET` if a part is missing; `PARTS_UNFIT` if a content is malformed, or a newly labelled
 * thing can only be added again: the bundle itself, or an entry that tells of a document.
 */
export function amendBundle(
  contents: readonly unknown[],
  amended: Bundle,
  amendment: WholeAmendment,
): Part[] {
  const { shown, hidden } = setsOfBundle(contents.map(parsePart));
  // Labelled entries alone, or beside others in one set, as they once were written.
  if (hidden.length === 0 && shown.some(({ category }) => category === 'sensitive')) {
    return amendSet(shown, amended, amendment);
  }
  const divided = divideLabelled(amended);
  requireLabelled(shown, hidden, amended, divided, amendment);
  const changed = amendSet(shown, divided.shown, amendment);
  const first = shown.find(({ part }) => part === 0);
  if (first?.whole === undefined || (hidden.length === 0 && divided.hidden === undefined)) {
    return changed;
  }
  const { entry: others = [], ...shownHead }: Bundle = divided.shown;
  const { entry: _all, ...head } = amended;
  const { bundle, beside }: Labelled = divided.hidden ?? {
    bundle: head,
    beside: { bundle: shownHead, order: others.map(() => 0) },
  };
  const linked = { ...beside, set: first.set };
  if (hidden.length > 0) {
    const labelled = amendSet(hidden, bundle, amendment, linked);
    // An entry that moves is there before it goes.
    const isLess = (bundle.entry ?? []).length < entriesIn(hidden);
    return isLess ? [...changed, ...labelled] : [...labelled, ...changed];
  }
  const set = setBeside(first.set);
  const added = splitSet(bundle, { set, by: first.whole.by, beside: linked });
  return [...added.map((part) => withProvenance(part, amendment)), ...changed];
}

function entriesIn(parts: readonly PartContent[]): number {
  const newest = new Map(parts.toReversed().map((content) => [content.part, content]));
  return [...newest.values()].reduce((sum, { entries }) => sum + entries.length, 0);
}

function withProvenance({ category, content }: Part, amendment: WholeAmendment): Part {
  if (content.entries.length === 0) return { category, content };
  const provenance = makeProvenance(amendment, 'CREATE', content.entries);
  return { category, content: { ...content, provenance } };
}

/** Refuses to label what lies under other keys already: the bundle's own words, and a document's bytes. */
function requireLabelled(
  shown: readonly PartContent[],
  hidden: readonly PartContent[],
  amended: Bundle,
  divided: Divided,
  { categories = new Map() }: WholeAmendment,
): void {
  const { entry: _all, ...head } = amended;
  const isLabelled = hidden.some(({ whole }) => isSensitive(whole?.bundle));
  if (isSensitive(head) && !isLabelled) throw beyondAmending('the bundle itself');
  const lying = new Set(
    shown
      .filter(({ part }) => part === 0)
      .flatMap((content) => content.entries.map((entry) => ({ entry, content })))
      .filter((each) => isWhereItsAuthorPutIt(each, categories))
      .map(({ entry }) => attachedRecords(entry.resource).join()),
  );
  lying.delete('');
  const labelled = divided.hidden?.bundle.entry ?? [];
  if (labelled.some(({ resource }) => lying.has(attachedRecords(resource).join()))) {
    throw beyondAmending('a document');
  }
}
