import type { Address, Bytes32, Handle } from '../../protocol/ids.ts';
import { rangeUnder } from '../../database/rangeUnder.ts';
import { sortable } from '../../database/sortable.ts';

type Range = ReturnType<typeof rangeUnder>;

/** Kind of a row of the deposits; `series` and `listed` are one row each. */
type DepositRow =
  | 'sheet'
  | 'packet'
  | 'state'
  | 'card'
  | 'end'
  | 'over'
  | 'ending'
  | 'exact'
  | 'held'
  | 'given'
  | 'care'
  | 'feed'
  | 'source'
  | 'series'
  | 'listed';

/** Question for a sheet. */
export interface SheetWanted {
  readonly handle: Handle;
  readonly epoch: number;
  readonly root: Bytes32;
}

/** A commitment that is not on the ledger, or not yet, does not touch the sheets of another. */
export function sheetKey({ handle, epoch, root }: SheetWanted): string {
  return `sheet/${handle}/${sortable(epoch)}/${root}`;
}

/** Of the packets of a grant, that of the newest epoch comes last, and of those that of the newest revision. */
export function packetKey(packet: {
  readonly grant: Bytes32;
  readonly epoch: number;
  readonly revision: number;
  readonly source: Bytes32 | undefined;
}): string {
  const { grant, epoch, revision, source = '' } = packet;
  return `packet/${grant}/${sortable(epoch)}/${sortable(revision)}/${source}`;
}

/** A right, by patient. */
interface EndNamed {
  readonly handle: Handle;
  readonly grant: Bytes32;
}

/** When a right ends, by patient. */
export function endKey({ handle, grant }: EndNamed): string {
  return `end/${handle}/${grant}`;
}

/** The same once it is over and the patient's keys have turned since, which no entry has to look at any more. */
export function overKey({ handle, grant }: EndNamed): string {
  return `over/${handle}/${grant}`;
}

/** The end of a right that its patient signed, which the ledger may not have yet; its row names the source. */
export function endingKey(grant: Bytes32): string {
  return ENDINGS.gt + grant;
}

/** Range of all such rows. */
export const ENDINGS: Range = rangeUnder('ending/');

/** The exact end of a mandate, which the ledger hides. */
export function exactEndKey(mandate: Bytes32): string {
  return EXACT_ENDS.gt + mandate;
}

/** Range of all such rows. */
export const EXACT_ENDS: Range = rangeUnder('exact/');

/** The mandate in such a key. */
export function mandateIn(key: string): Bytes32 {
  return key.slice(EXACT_ENDS.gt.length) as Bytes32;
}

/** Something that is kept for a patient, by patient; its row holds how many characters it takes. */
export function patientDepositKey({
  handle,
  id,
}: {
  readonly handle: Handle;
  readonly id: Bytes32;
}): string {
  return `held/${handle}/${id}`;
}

/** Range of all such rows of a patient, or of all patients. */
export function patientDeposits(handle?: Handle): Range {
  return rangeUnder(handle === undefined ? 'held/' : `held/${handle}/`);
}

/** A request of care that is kept, by its party; its row holds how many characters it takes. */
export function careKey({ party, id }: { readonly party: Address; readonly id: Bytes32 }): string {
  return `care/${party}/${id}`;
}

/** Range of all such rows of a party. */
export function careOf(party: Address): Range {
  return rangeUnder(`care/${party}/`);
}

/** A grant that is kept, by its grantee. One that was signed twice has two sources. */
interface GivenRight {
  readonly grantee: Address;
  readonly grant: Bytes32;
  readonly source: Bytes32;
}

/** The key of the row that lists a kept grant by its grantee. */
export function givenKey({ grantee, grant, source }: GivenRight): string {
  return `given/${grantee}/${grant}/${source}`;
}

/** Range of all such rows. */
export const GIVEN_ROWS: Range = rangeUnder('given/');

/** Range of all such rows of a grantee, in ascending order of the grants. */
export function givenTo(grantee: Address): Range {
  return rangeUnder(`given/${grantee}/`);
}

/** The row that says that all that is kept for patients is listed by patient, and by grantee. */
export const LISTED = 'listed';

/**
 * Its value: grants are listed by grantee with the ends of their times. In stores of older versions it is `2`, without
 * these ends, or `true`, by patient alone.
 */
export const LISTED_WITH_ENDS = '3';
/** All its values. */
export const LISTED_BY: readonly string[] = ['true', '2', LISTED_WITH_ENDS];

/** The row that names the series of places in which deposits came. */
export const SERIES = 'series';

/** The key of the state that is kept for a patient. */
export function stateKey(handle: Handle): string {
  return `state/${handle}`;
}

/** The key of the card of a party. */
export function cardKey(party: Address): string {
  return `card/${party}`;
}

/** The key of the source that binds a deposit. */
export function sourceKey(id: string): string {
  return SOURCES.gt + id;
}

/** Range of all sources. */
export const SOURCES: Range = rangeUnder('source/');

/** The name of the source in a key; undefined if it is another row's. */
export function sourceIn(key: string): Bytes32 | undefined {
  return key.startsWith(SOURCES.gt) ? (key.slice(SOURCES.gt.length) as Bytes32) : undefined;
}

/** The key of a place in the order in which deposits came; its row names the source. */
export function feedKey(place: number): string {
  return FEED.gt + sortable(place);
}

/** Range of all places. */
export const FEED: Range = rangeUnder('feed/');

/** The place in such a key. */
export function placeIn(key: string): number {
  return Number(key.slice(FEED.gt.length));
}

/** Range of the packets of a grant: all, or those up to an epoch. */
export function packetsOf(grant: Bytes32, upTo?: number): Range {
  const range = rangeUnder(`packet/${grant}/`);
  return upTo === undefined ? range : { ...range, lt: `${range.gt}${sortable(upTo)}/~` };
}

/** Range of the ends of rights on a patient's chart, but for those that are over. */
export function endsOf(handle: Handle): Range {
  return rangeUnder(`end/${handle}/`);
}

/** Range of the ends of rights on a patient's chart that are over. */
export function endsOver(handle: Handle): Range {
  return rangeUnder(`over/${handle}/`);
}

/** Range of the one row of the state that is kept for a patient. */
export function stateRange(handle: Handle): Range {
  const key = stateKey(handle);
  return { gt: key.slice(0, -1), lt: `${key}/` };
}

/** Parts of a key: its kind, then whose row it is, and what else it names. */
export function readDepositKey(key: string): {
  readonly kind: DepositRow;
  readonly owner: string;
  readonly second: string;
  readonly third: string;
  readonly source: string | undefined;
} {
  const [kind = '', owner = '', second = '', third = '', source] = key.split('/');
  return { kind: kind as DepositRow, owner, second, third, source };
}
