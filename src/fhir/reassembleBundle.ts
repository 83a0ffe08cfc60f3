import type { Bundle } from '@medplum/fhirtypes';
import { MedsealError } from '../errors/MedsealError.ts';
import { parsePart } from './parsePart.ts';
import type { PartContent } from './Part.ts';

/**
 * Puts a bundle together again from the contents of all of its parts, in any order: as canonical JSON it is equal to
 * the bundle that was split.
 *
 * @param contents - Each part's content once, as decoded from JSON.
 * @throws MedsealError `PARTS_UNFIT` where a part is missing, doubled, of another bundle, or not of the form.
 */
export function reassembleBundle(contents: readonly unknown[]): Bundle {
  const parts = new Map<number, PartContent>();
  for (const content of contents.map(parsePart)) {
    if (parts.has(content.part)) throw unfit(`part ${content.part} is there twice`);
    parts.set(content.part, content);
  }
  const first = parts.get(0);
  if (first?.whole === undefined) throw unfit('part 0 is missing');
  const { bundle, order } = first.whole;
  for (const { set, part } of parts.values()) {
    if (set !== first.set) throw unfit(`part ${part} is of another bundle`);
  }

  const next = new Map<number, number>();
  const entries = order.map((number) => {
    const part = parts.get(number);
    if (part === undefined) throw unfit(`part ${number} is missing`);
    const place = next.get(number) ?? 0;
    next.set(number, place + 1);
    const entry = part.entries[place];
    if (entry === undefined) throw unfit(`part ${number} lacks an entry`);
    return entry;
  });
  for (const { part, entries } of parts.values()) {
    if (entries.length !== (next.get(part) ?? 0)) throw unfit(`part ${part} has an entry too many`);
  }
  return { ...bundle, ...(entries.length > 0 && { entry: entries }) } as Bundle;
}

function unfit(reason: string): MedsealError {
  return new MedsealError('PARTS_UNFIT', { reason });
}
