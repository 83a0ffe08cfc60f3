import type { Bundle } from '@medplum/fhirtypes';
import { joinLabelled } from './divideLabelled.ts';
import { parsePart } from './parsePart.ts';
import type { PartContent } from './Part.ts';
import { reassembleSet, type Reassembled } from './reassembleSet.ts';

/** The sets of one bundle: that of the entries without labels, and that of the labelled ones. */
export interface SetsOfBundle {
  readonly shown: readonly PartContent[];
  readonly hidden: readonly PartContent[];
}

/**
 * Puts a bundle together again from the contents of its parts: it is equal to the bundle that was split, with every number
 * and text as it was written; the order of names in an object alone may differ. Missing parts are not an error, for a copy of
 * a chart may get them later. Without its labelled entries a bundle is whole, and says nothing of them.
 *
 * @param contents - Each part's content as decoded from JSON, the newest version of each; if the answer says so, older
 * ones too. Those of one part come newest first, otherwise in any order.
 * @throws MedsealError `PARTS_UNFIT` if one is malformed, or of another bundle.
 */
export function reassembleBundle(contents: readonly unknown[]): Reassembled {
  const { shown, hidden } = setsOfBundle(contents.map(parsePart));
  if (hidden.length === 0) return reassembleSet(shown);
  const [others, labelled] = [reassembleSet(shown), reassembleSet(hidden)];
  const isWhole = others.complete && labelled.complete;
  if (!isWhole) {
    const both = [others, labelled].flatMap((each) => (each.complete ? [] : [each]));
    const older = both.flatMap((each) => each.older ?? []);
    return {
      complete: false,
      missing: both.flatMap(({ missing }) => missing),
      ...(older.length > 0 && { older }),
    };
  }
  const unfinished = [...(others.unfinished ?? []), ...(labelled.unfinished ?? [])];
  const beside = hidden.find((content) => content.beside !== undefined)?.beside;
  const bundle: Bundle =
    beside === undefined
      ? labelled.bundle
      : joinLabelled(others.bundle, { bundle: labelled.bundle, beside });
  return { complete: true, bundle, ...(unfinished.length > 0 && { unfinished }) };
}

/**
 * Tells the labelled entries of a bundle from the others.
 *
 * @param parts - Parts of one bundle. Those of another one are among the others.
 */
export function setsOfBundle(parts: readonly PartContent[]): SetsOfBundle {
  const first = parts.find(({ beside }) => beside !== undefined);
  const isHidden = ({ set }: PartContent): boolean => set === first?.set;
  return {
    shown: parts.filter((each) => !isHidden(each)),
    hidden: parts.filter(isHidden),
  };
}
