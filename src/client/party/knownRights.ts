import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import { BYTES32 } from '../../protocol/wire/findShapeError.ts';
import { ZERO32, type Bytes32, type Handle, type RecordId } from '../../protocol/ids.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import { messageShape } from '../../protocol/shapes/messageShape.ts';
import { shapeOfType } from '../../protocol/shapes/shapeOfType.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import type { Action, Category, Purpose } from '../../protocol/vocabulary.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { DeviceBook } from './DeviceBook.ts';
import type { Party } from './Party.ts';

/** A right that the device of its grantee knows. */
export interface KnownRight {
  /** The opening. */
  readonly grant: Grant;
  readonly digest: Bytes32;
}

const endOf = ({ grant }: KnownRight): number => grant.terms.until;
const RIGHTS = new DeviceBook({
  name: 'rights',
  shape: shapeOfType<KnownRight>('KnownRight')({ grant: messageShape('Grant'), digest: BYTES32 }),
  keyOf: ({ digest }) => digest,
  most: 20_000,
  // Those that end first go first.
  within: (rights, most) => {
    const left = new Set(rights.toSorted((one, other) => endOf(one) - endOf(other)).slice(-most));
    return rights.filter((right) => left.has(right));
  },
});

/** A right to rely on. */
export interface RightFound extends KnownRight {
  /** True if it covers the wanted actions, as far as the device knows. */
  readonly covers: boolean;
}

/** Purpose, actions and category that a right is wanted for. */
export interface RightWanted {
  readonly handle: Handle;
  readonly action: Action;
  /** Category; any that the right covers if absent. */
  readonly category?: Category;
  readonly record?: RecordId;
  readonly purpose?: Purpose;
}

/**
 * Stores a right of the party on its device, once k coordinators confirm that the ledger has it.
 *
 * @param party - The grantee.
 * @param grant - Opening that the party was given.
 * @returns True if the device did not have it before.
 * @throws MedsealError `RIGHT_MISSING` if it belongs to another party, or the ledger does not have it; `RIGHT_ENDED`;
 * `KEY_UNAUTHENTIC`.
 * @example
 * ```ts
 * const isNew = await keepRight(doctor, grant);
 * const rights = await knownRights(doctor);
 * console.log(`${isNew ? 'new' : 'known'}, one of ${rights.length}`);
 * ```
 */
export async function keepRight(party: Party, grant: Grant): Promise<boolean> {
  if (grant.terms.grantee !== party.address) throw new MedsealError('RIGHT_MISSING', {});
  const digest = digestOf(party, 'Grant', grant);
  const rights = await knownRights(party);
  if (rights.some((right) => right.digest === digest)) return false;
  await confirmRight(party, { grant, digest });
  return (await keepConfirmed(party, [{ grant, digest }])).length > 0;
}

/**
 * Requires that k coordinators confirm a right of the party.
 *
 * @param party - The grantee.
 * @param right - Opening, with its digest.
 * @throws MedsealError `RIGHT_MISSING`, `RIGHT_ENDED`, `KEY_UNAUTHENTIC`.
 */
export async function confirmRight(party: Party, { grant, digest }: KnownRight): Promise<void> {
  const { grant: facts } = await confirmFacts(party, { grant: digest });
  if (facts?.handle !== grant.handle) throw new MedsealError('RIGHT_MISSING', {});
  if (facts.state === 'ended') throw new MedsealError('RIGHT_ENDED', {});
}

/**
 * Stores confirmed rights on the device.
 *
 * @param party - The grantee.
 * @param rights - They were confirmed.
 * @returns Those that the device did not have.
 */
export async function keepConfirmed(
  party: Party,
  rights: readonly KnownRight[],
): Promise<readonly KnownRight[]> {
  return await RIGHTS.change(party, async ({ entries, put }) => {
    const known = new Set(entries.map(({ digest }) => digest));
    const added = rights.filter(({ digest }) => !known.has(digest));
    await put(...added);
    return added;
  });
}

/**
 * Returns the rights that the party's device knows, the newest last; some of them may have ended.
 *
 * @param party - The grantee.
 * @example
 * ```ts
 * for (const { grant } of await knownRights(doctor)) {
 *   console.log(`${grant.handle}: ${grant.terms.categories.join(', ')}`);
 * }
 * ```
 */
export async function knownRights(party: Party): Promise<readonly KnownRight[]> {
  return await RIGHTS.read(party);
}

/**
 * Returns the right to rely on: one that covers the wanted actions, has not ended, and holds the longest; without one,
 * the closest one, so that the node judges it and says why it does not suffice.
 *
 * @param party - The grantee.
 * @param wanted - Wanted use.
 * @returns Undefined if the device knows no right on this chart at all.
 * @throws MedsealError `KEY_UNAUTHENTIC` if there is no quorum.
 * @example
 * ```ts
 * const right = await rightFor(doctor, { handle, action: 'read', category: 'laboratory' });
 * if (right === undefined) throw new Error('ask the patient for a right');
 * const { grant } = right;
 * const chart = await readChart(doctor, { handle, grant, purpose: grant.terms.purpose });
 * ```
 */
export async function rightFor(party: Party, wanted: RightWanted): Promise<RightFound | undefined> {
  const now = seconds(party.clock);
  const rights = (await knownRights(party)).filter(({ grant }) => grant.handle === wanted.handle);
  const ranked = rights.toSorted(
    (left, right) =>
      faultsOf(left, wanted, now) - faultsOf(right, wanted, now) || compare(left, right),
  );
  // The node judges a single right; of several, one that the patient ended is left out.
  for (const right of ranked.length > 1 ? ranked : []) {
    const { grant } = await confirmFacts(party, { grant: right.digest });
    if (grant?.state === 'active') return { ...right, covers: faultsOf(right, wanted, now) === 0 };
  }
  const [nearest] = ranked;
  return (
    nearest && { ...nearest, covers: ranked.length === 1 && faultsOf(nearest, wanted, now) === 0 }
  );
}

/** Returns the number of wanted things that a right does not cover. */
function faultsOf({ grant: { terms } }: KnownRight, wanted: RightWanted, now: number): number {
  return [
    terms[wanted.action],
    wanted.category === undefined || terms.categories.includes(wanted.category),
    wanted.record === undefined || [ZERO32, wanted.record].includes(terms.record),
    wanted.purpose === undefined || terms.purpose === wanted.purpose,
    terms.from <= now,
    now < terms.until,
  ].filter((covered) => !covered).length;
}

/** Of two that cover it, the wider one goes first, then the one that holds longer. */
function compare(left: KnownRight, right: KnownRight): number {
  const [one, other] = [left.grant.terms, right.grant.terms];
  return (
    Number(other.record === ZERO32) - Number(one.record === ZERO32) ||
    other.categories.length - one.categories.length ||
    other.until - one.until
  );
}
