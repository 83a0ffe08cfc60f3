import type { Bundle, BundleEntry } from '@medplum/fhirtypes';
import { MedsealError } from '../errors/MedsealError.ts';
import type { PartContent, Whole } from './Part.ts';

/** A bundle that was put together, or which of its parts are not there. */
export type Reassembled =
  | {
      readonly complete: true;
      readonly bundle: Bundle;
      /**
       * Numbers of the parts of which a newer version was given than is in the bundle: an amendment of the whole bundle
       * is on its way, or was broken off, and this is the bundle before it. The next amendment of the whole bundle
       * mends it. Absent if there are no such parts.
       */
      readonly unfinished?: readonly number[];
    }
  | {
      readonly complete: false;
      /**
       * Numbers of the missing parts, in their order; while part 0 is one of them there may be others. A part that is on its
       * way and one that is kept back look alike.
       */
      readonly missing: readonly number[];
      /** Numbers of the parts of which older versions are needed as well; absent if there are no such parts. */
      readonly older?: readonly number[];
    };

/**
 * Puts the bundle of one set together again, and nothing that was labelled in it, which is another set.
 *
 * @param parts - Of each part the newest version; if the answer says so, older ones too, newest first.
 * @throws MedsealError `PARTS_UNFIT` if one is of another set.
 */
export function reassembleSet(parts: readonly PartContent[]): Reassembled {
  for (const { set, part } of parts) {
    if (set !== parts[0]?.set) {
      throw new MedsealError('PARTS_UNFIT', { reason: `part ${part} is of another bundle` });
    }
  }
  const wholes = parts.flatMap(({ whole }) => whole ?? []);
  for (const whole of wholes) {
    const chosen = chosenFor(whole, parts);
    if (whole.order.every((number) => chosen.has(number))) return putTogether(whole, chosen, parts);
  }
  const [newest] = wholes;
  if (newest === undefined) return { complete: false, missing: [0] };
  const chosen = chosenFor(newest, parts);
  const there = new Set(parts.map(({ part }) => part));
  const wanted = [...new Set([0, ...newest.order])].toSorted((left, right) => left - right);
  const older = wanted.filter((number) => there.has(number) && !chosen.has(number));
  return {
    complete: false,
    missing: wanted.filter((number) => !there.has(number)),
    ...(older.length > 0 && { older }),
  };
}

/** The newest version of each part that belongs to a whole: of its edition, and with as many entries. */
function chosenFor(whole: Whole, parts: readonly PartContent[]): ReadonlyMap<number, PartContent> {
  const { order, editions = [] } = whole;
  const counts = new Map<number, number>();
  for (const number of order) counts.set(number, (counts.get(number) ?? 0) + 1);
  const chosen = new Map<number, PartContent>();
  for (const content of parts) {
    const { part, edition = null, entries } = content;
    const isOwn = content.whole === undefined || content.whole === whole;
    const isOfEdition = edition === (editions[part] ?? null);
    const isFull = entries.length === (counts.get(part) ?? 0);
    if (isOwn && isOfEdition && isFull && !chosen.has(part)) chosen.set(part, content);
  }
  return chosen;
}

function putTogether(
  { bundle, order }: Whole,
  chosen: ReadonlyMap<number, PartContent>,
  parts: readonly PartContent[],
): Reassembled {
  const next = new Map<number, number>();
  const entry = order.flatMap((number): readonly BundleEntry[] => {
    const place = next.get(number) ?? 0;
    next.set(number, place + 1);
    return chosen.get(number)?.entries.slice(place, place + 1) ?? [];
  });
  const newest = new Map(parts.toReversed().map((content) => [content.part, content]));
  const unfinished = [...newest.values()]
    .filter((content) => chosen.get(content.part) !== content)
    .map(({ part }) => part)
    .toSorted((left, right) => left - right);
  return {
    complete: true,
    bundle: { ...bundle, ...(entry.length > 0 && { entry }) } as Bundle,
    ...(unfinished.length > 0 && { unfinished }),
  };
}
