import { MedsealError } from '../errors/MedsealError.ts';
import { seconds } from '../protocol/Clock.ts';
import { ZERO32, type Bytes32, type Handle, type RecordId } from '../protocol/ids.ts';
import type { Grant } from '../protocol/requests.ts';
import { digestOf } from '../protocol/signing.ts';
import type { Action, Category, Purpose } from '../protocol/vocabulary.ts';
import { confirmFacts } from './confirmFacts.ts';
import type { Party } from './Party.ts';

const NAME = 'rights';

/** A right that the device of its grantee knows. */
export interface KnownRight {
  /** The opening. */
  readonly grant: Grant;
  readonly digest: Bytes32;
}

/** A right to rely on. */
export interface RightFound extends KnownRight {
  /** True if it covers what is wanted, as far as the device knows. */
  readonly covers: boolean;
}

/** What a right is wanted for. */
export interface RightWanted {
  readonly handle: Handle;
  readonly action: Action;
  /** Any of those that it covers, if absent. */
  readonly category?: Category;
  readonly record?: RecordId;
  readonly purpose?: Purpose;
}

/**
 * Keeps a right that was given to the party on its device, once k coordinators confirm that the ledger holds it.
 *
 * @param party - The grantee.
 * @param grant - The opening, from whoever handed it over.
 * @returns True if it was not there before.
 * @throws MedsealError `RIGHT_MISSING` if it is another's, or the ledger does not hold it; `RIGHT_ENDED`.
 */
export async function keepRight(party: Party, grant: Grant): Promise<boolean> {
  if (grant.terms.grantee !== party.address) throw new MedsealError('RIGHT_MISSING', {});
  const digest = digestOf(party, 'Grant', grant);
  const rights = await knownRights(party);
  if (rights.some((right) => right.digest === digest)) return false;
  const { grant: facts } = await confirmFacts(party, { grant: digest });
  if (facts?.handle !== grant.handle) throw new MedsealError('RIGHT_MISSING', {});
  if (facts.state === 'ended') throw new MedsealError('RIGHT_ENDED', {});
  await party.device.write(NAME, [...rights, { grant, digest }]);
  return true;
}

/**
 * The rights that the party's device knows, the newest last; some of them may have ended.
 *
 * @param party - The grantee.
 */
export async function knownRights(party: Party): Promise<readonly KnownRight[]> {
  return ((await party.device.read(NAME)) as readonly KnownRight[] | undefined) ?? [];
}

/**
 * The right to rely on: one that covers what is wanted, that nobody ended, and that holds the longest; without one,
 * the one that came closest, for the node to judge and to say why not.
 *
 * @param party - The grantee.
 * @param wanted - What for.
 * @returns Undefined if the device knows no right on this chart at all.
 */
export async function rightFor(party: Party, wanted: RightWanted): Promise<RightFound | undefined> {
  const now = seconds(party.clock);
  const rights = (await knownRights(party)).filter(({ grant }) => grant.handle === wanted.handle);
  const ranked = rights.toSorted(
    (left, right) =>
      faultsOf(left, wanted, now) - faultsOf(right, wanted, now) || compare(left, right),
  );
  // A single one is judged by the node; of several, one that the patient ended is passed over.
  for (const right of ranked.length > 1 ? ranked : []) {
    const { grant } = await confirmFacts(party, { grant: right.digest });
    if (grant?.state === 'active') return { ...right, covers: faultsOf(right, wanted, now) === 0 };
  }
  const [nearest] = ranked;
  return (
    nearest && { ...nearest, covers: ranked.length === 1 && faultsOf(nearest, wanted, now) === 0 }
  );
}

/** How much of what is wanted a right does not cover. */
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
