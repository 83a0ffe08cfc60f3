import type { Address, RecordId } from '../protocol/ids.ts';
import type { PartContent } from './Part.ts';

/** A version of a record, as a chart lists it. */
export interface VersionListed {
  readonly record: RecordId;
  readonly version: number;
  readonly author: Address;
}

/** A content that claims to be a part, and the record that it lies in. */
export interface PartClaim {
  readonly content: PartContent;
  readonly record: { readonly record: RecordId };
}

/** Records of a chart that are one bundle's parts. */
export interface PartsFound<Claim extends PartClaim> {
  readonly parts: readonly Claim[];
  /** Whoever added the record that was asked about has written the bundle's first part, or a version of it. */
  readonly isVouched: boolean;
}

/**
 * Selects the true parts among records that claim to be parts of one bundle. Anybody with a right to add records can
 * write one that claims so. A record counts if the first part names it and whoever added it has written a version of
 * the first part. While the first part does not name the record of a part, only records that the author of the first
 * part added count.
 *
 * @param chart - The chart that lists them, with each version's author.
 * @param claims - All of one set; of each record the newest version first, and the record first that was there first.
 * @param record - The record to look for: of several first parts, the one that its author wrote counts.
 * @param reader - Whose parts count that no first part knows yet: an amendment of theirs was broken off.
 */
export function partsOfBundle<Claim extends PartClaim>(
  { records }: { readonly records: readonly VersionListed[] },
  claims: readonly Claim[],
  record: RecordId,
  reader?: Address,
): PartsFound<Claim> {
  const writers = Map.groupBy(
    records.toSorted((left, right) => left.version - right.version),
    (version) => version.record,
  );
  const adderOf = (id: RecordId): Address | undefined => writers.get(id)?.[0]?.author;
  const wrote = (author: Address | undefined, id: RecordId): boolean =>
    author !== undefined && (writers.get(id) ?? []).some((version) => version.author === author);

  const firsts = claims.filter(({ content }) => content.part === 0);
  const own = firsts.find((claim) => claim.record.record === record);
  const vouched = own ?? firsts.find((claim) => wrote(adderOf(record), claim.record.record));
  const first = vouched ?? firsts[0];
  if (first?.content.whole === undefined) return { parts: claims, isVouched: false };

  const { order, editions = [], records: named = [] } = first.content.whole;
  const known = order.reduce((most, part) => Math.max(most, part + 1), editions.length);
  const id = first.record.record;
  const parts = claims.filter(({ content: { part }, record: { record: each } }) => {
    if (part === 0) return each === id;
    const adder = adderOf(each);
    if (part >= known) return adder === reader;
    const name = named[part] ?? null;
    return name === null ? adder === adderOf(id) : name === each && wrote(adder, id);
  });
  return { parts, isVouched: vouched !== undefined };
}
