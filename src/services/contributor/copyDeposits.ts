import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import { isEarly, isFormerCard } from '../deposits/isEarly.ts';
import { chartView } from '../deposits/chartView.ts';
import { verifyAhead } from '../care/verifyAhead.ts';
import { checkDepositCopy } from '../deposits/checkDepositCopy.ts';
import { isSeries } from '../deposits/DepositFeed.ts';
import type { DepositStore } from '../deposits/DepositStore.ts';
import type { ContributorPort, DepositCopy, DepositPage } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import { cursorKey } from './contributorKeys.ts';
import { cursorRow, parseCursor, type DepositCursor } from './depositCursor.ts';
import type { NamedPeer } from './NamedPeer.ts';

/** Number of pages of names that are read of a peer at once; later pages wait for the next time. */
const MOST_PAGES = 64;
/** Number of copies in one question. */
const BATCH = 64;
/**
 * Number of names that are remembered of deposits that cannot be judged yet. The newest are: a repair finds the others
 * again.
 */
const MOST_EARLY = 256;

/** Options of `copyDeposits`. */
export interface DepositCopying {
  readonly deposits: DepositStore;
  /** The contributor's own: it remembers how far it read what each peer keeps. */
  readonly database: ServiceDatabase;
}

/** A peer that may keep what is missing here. */
export type DepositPeer = NamedPeer<Pick<ContributorPort, 'keptAfter' | 'keptCopies'>>;

const START: DepositCursor = { series: '0x', place: 0 };

/** Result of asking for copies. */
export interface FetchedDeposits {
  /** Names of deposits that are kept now. */
  readonly done: readonly Bytes32[];
  /** Names of deposits that depend on something that this node's view of the ledger does not know. */
  readonly early: readonly Bytes32[];
}

/**
 * Copies packets, sheets, states and cards that a peer kept since it was asked last, as far as they prove themselves. A
 * deposit that is here already is passed over by its name.
 *
 * @param context - The organisation's context, its view of the ledger up to date.
 * @param options - Destination of the copies.
 * @param peer - Not trusted.
 * @returns True if the peer told all that it keeps; otherwise there is more, for the next time.
 * @throws MedsealError of the peer; `PEER_MALFORMED`. It goes on from there the next time.
 */
export async function copyDeposits(
  context: ServiceContext,
  { deposits, database }: DepositCopying,
  peer: DepositPeer,
): Promise<boolean> {
  const { name, port } = peer;
  const key = cursorKey(name);
  let cursor = parseCursor(context.primitives, key, await database.get(key)) ?? START;
  const again = cursor.early ?? [];
  let { early } = await fetchDeposits(context, deposits, peer, again);
  if (again.length > 0) await remember();
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = checked(await port.keptAfter(cursor.place), cursor);
    if (page.series !== cursor.series) {
      const isOther = cursor.place > 0;
      cursor = { series: page.series, place: 0 };
      // Its places are others than those that were read before.
      if (isOther) continue;
    }
    const last = page.kept.at(-1);
    if (last === undefined) return true;
    const known = await deposits.copies.knows(page.kept.map(({ id }) => id));
    const wanted = page.kept.flatMap(({ id }, i) => (known[i] === true ? [] : [id]));
    const fetched = await fetchDeposits(context, deposits, peer, wanted);
    early = [...new Set([...early, ...fetched.early])].slice(-MOST_EARLY);
    cursor = { ...cursor, place: last.place };
    await remember();
  }
  return false;

  /** Lost with a power cut it is only read again. */
  async function remember(): Promise<void> {
    const { series, place } = cursor;
    const row: DepositCursor = { series, place, ...(early.length > 0 && { early }) };
    await database.put(key, cursorRow(context.primitives, key, row));
  }
}

/**
 * Has a peer give its deposits of these names, and keeps those that prove themselves.
 *
 * @param context - The organisation's context, its view of the ledger up to date.
 * @param deposits - Destination of the copies.
 * @param peer - Not trusted.
 * @param ids - Names.
 * @throws MedsealError of the peer; `PEER_MALFORMED`.
 */
export async function fetchDeposits(
  context: ServiceContext,
  deposits: DepositStore,
  { port, blame }: DepositPeer,
  ids: readonly Bytes32[],
): Promise<FetchedDeposits> {
  const done: Bytes32[] = [];
  const early: Bytes32[] = [];
  for (let from = 0; from < ids.length;) {
    const asked = ids.slice(from, from + BATCH);
    const answer: unknown = await port.keptCopies(asked);
    if (!Array.isArray(answer) || answer.length === 0) throw malformed();
    const copies = (answer as (DepositCopy | null)[]).slice(0, asked.length);
    for (const [i, copy] of copies.entries()) {
      // A newer deposit has replaced one that the peer no longer has.
      if (copy === null) continue;
      const id = asked[i];
      try {
        if ('care' in copy) await verifyAhead(context, copy.care);
        const each = await context.turns.run(() => checkDepositCopy(context, copy));
        if (id === undefined || each.source?.id !== id) throw malformed();
        await deposits.keepCopy(each, chartView(context));
        done.push(id);
      } catch (error) {
        // It is the patient or the party who has too much kept, not the peer.
        if (isMedsealError(error, 'QUOTA_SPENT')) continue;
        // Nor is it the peer's fault that this node cannot judge it now: it asks again.
        if (isMedsealError(error, 'LEDGER_AHEAD')) throw error;
        if (id !== undefined && isEarly(context, copy)) early.push(id);
        else if (!isFormerCard(context, copy))
          blame(isMedsealError(error, 'REQUEST_MALFORMED') ? malformed() : error);
      }
    }
    from += copies.length;
  }
  return { done, early };
}

/**
 * Has all deposits of peers read through again.
 *
 * @param database - The contributor's own.
 * @param names - The peers.
 */
export async function forgetCursors(
  database: ServiceDatabase,
  names: readonly Organisation[],
): Promise<void> {
  await database.batch(names.map((name) => ({ type: 'del', key: cursorKey(name) })));
}

function checked(page: DepositPage, { place: after }: DepositCursor): DepositPage {
  let before = after;
  const sound =
    isSeries(page?.series) &&
    Array.isArray(page.kept) &&
    page.kept.every((each: DepositPage['kept'][number] | null) => {
      const { place, id } = each ?? { place: 0, id: '0x' };
      const ascends = Number.isSafeInteger(place) && place > before;
      before = place;
      return ascends && /^0x[0-9a-f]{64}$/.test(id);
    });
  if (!sound) throw malformed();
  return page;
}

function malformed(): MedsealError {
  return new MedsealError('PEER_MALFORMED', { what: 'list of what it keeps' });
}
