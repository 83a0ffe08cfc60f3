import type { Bundle } from '@medplum/fhirtypes';
import { MedsealError } from '../errors/MedsealError.ts';
import { parsePart } from './parsePart.ts';
import type { PartContent } from './Part.ts';

/** A bundle that was put together, or which of its parts are not there. */
export type Reassembled =
  | { readonly complete: true; readonly bundle: Bundle }
  /**
   * Numbers of the missing parts, in their order; while part 0 is one of them there may be others. A part that is on its
   * way and one that is kept back look alike.
   */
  | { readonly complete: false; readonly missing: readonly number[] };

/**
 * Puts a bundle together again from the contents of its parts, in any order: it is equal to the bundle that was
 * split, with every number and text as it was written; the order of names in an object alone may differ. Missing parts are not an error, for a copy of a chart may get them later.
 *
 * @param contents - Each part's content once, as decoded from JSON.
 * @throws MedsealError `PARTS_UNFIT` if a part is doubled, of another bundle, malformed, or has other entries than part 0
 * says, whatever is missing besides.
 */
export function reassembleBundle(contents: readonly unknown[]): Reassembled {
  const parts = new Map<number, PartContent>();
  for (const content of contents.map(parsePart)) {
    if (parts.has(content.part)) throw unfit(`part ${content.part} is there twice`);
    parts.set(content.part, content);
  }
  const first = parts.get(0);
  const [any] = parts.values();
  const one = first ?? any;
  for (const { set, part } of parts.values()) {
    if (set !== one?.set) throw unfit(`part ${part} is of another bundle`);
  }
  if (first?.whole === undefined) return { complete: false, missing: [0] };
  const { bundle, order } = first.whole;

  const next = new Map<number, number>();
  const missing = new Set<number>();
  const entries = order.flatMap((number) => {
    const part = parts.get(number);
    const place = next.get(number) ?? 0;
    next.set(number, place + 1);
    if (part === undefined) missing.add(number);
    else if (part.entries[place] === undefined) throw unfit(`part ${number} lacks an entry`);
    return part?.entries[place] ?? [];
  });
  for (const { part, entries } of parts.values()) {
    if (entries.length !== (next.get(part) ?? 0)) throw unfit(`part ${part} has an entry too many`);
  }
  if (missing.size > 0) return { complete: false, missing: [...missing].toSorted(byNumber) };
  return {
    complete: true,
    bundle: { ...bundle, ...(entries.length > 0 && { entry: entries }) } as Bundle,
  };
}

function byNumber(left: number, right: number): number {
  return left - right;
}

function unfit(reason: string): MedsealError {
  return new MedsealError('PARTS_UNFIT', { reason });
}
