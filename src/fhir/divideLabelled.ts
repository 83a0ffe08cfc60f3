import type { Bundle, BundleEntry } from '@medplum/fhirtypes';
import { categoryWithin } from './categoryWithin.ts';
import { exactJson } from './exactJson.ts';
import type { Beside } from './Part.ts';
import { isSensitive } from './securityLabels.ts';

/** Labelled entries of a bundle, and how they lay among the others. */
export interface Labelled {
  /** The fields of the true bundle with its labelled entries. */
  readonly bundle: Bundle;
  /** Structure of the others; their set is named when they are split. */
  readonly beside: Omit<Beside, 'set'>;
}

/** A bundle in two. */
export interface Divided {
  /** A bundle without anything that is labelled: what its author would have written if that were not there. */
  readonly shown: Bundle;
  /** Absent if nothing is labelled. */
  readonly hidden?: Labelled;
}

/**
 * Divides a bundle into its labelled entries and all others, so that whoever may read only these learns nothing of the labelled
 * ones: not their number, not their places, not that there are any. A count of matches counts the others; a signature over
 * all of it goes; a labelled bundle, or a document whose composition is labelled, leaves a plain collection.
 *
 * @param bundle - A valid bundle; it is not changed.
 */
export function divideLabelled(bundle: Bundle): Divided {
  const { entry = [], ...head } = bundle;
  const categoryOf = categoryWithin(bundle);
  const isHidden = entry.map((each) => categoryOf(each) === 'sensitive');
  if (!isHidden.includes(true) && !isSensitive(head)) return { shown: bundle };
  const own = entry.filter((_, place) => isHidden[place] === true);
  const others = entry.filter((_, place) => isHidden[place] !== true);
  const isLed = (head.type === 'document' || head.type === 'message') && isHidden[0] === true;
  const shown = isSensitive(head) || isLed ? PLAIN : headWithout(head, own);
  const order = isHidden.map(Number);
  return {
    shown: withEntries(shown, others),
    hidden: {
      bundle: withEntries(head, own),
      beside: { bundle: shown as unknown as Beside['bundle'], order },
    },
  };
}

/**
 * Puts the two together again. If the others were amended since by somebody who did not see the labelled ones, these lie as near
 * to their places as can be.
 *
 * @param shown - The bundle of the others.
 * @param hidden - The labelled entries.
 */
export function joinLabelled(shown: Bundle, { bundle, beside }: Labelled): Bundle {
  const { entry: others = [], ...head } = shown;
  const { entry: own = [], ...trueHead } = bundle;
  const [left, right] = [[...others], [...own]];
  const entry = beside.order.flatMap((each) => (each === 1 ? right : left).splice(0, 1));
  const isAmended = exactJson(head) !== exactJson(beside.bundle);
  return withEntries(isAmended ? { ...trueHead, ...head } : trueHead, [
    ...entry,
    ...left,
    ...right,
  ]);
}

const PLAIN: Bundle = { resourceType: 'Bundle', type: 'collection' };

function headWithout(
  { signature: _signature, total, ...head }: Bundle,
  hidden: readonly BundleEntry[],
): Bundle {
  if (total === undefined) return head;
  const matches = hidden.filter(({ search }) => (search?.mode ?? 'match') === 'match').length;
  return { ...head, total: Math.max(0, total - matches) };
}

function withEntries(head: Bundle, entry: readonly BundleEntry[]): Bundle {
  return { ...head, ...(entry.length > 0 && { entry: [...entry] }) };
}
