import type { RowChange, ServiceDatabase } from '../../database/synced.ts';
import type { Address, Bytes32, Handle } from '../../protocol/ids.ts';
import type { Grant, Signed } from '../../protocol/struct/requests.ts';
import type { DepositFeed } from './DepositFeed.ts';
import type { ChartView } from './DepositQuota.ts';
import { GIVEN_ROWS, givenKey, givenTo, readDepositKey } from './depositKeys.ts';
import { granteeIn } from './granteeIn.ts';

/** Number of openings in one page. */
export const MOST_OPENINGS = 64;
/** Largest number of rights on one chart that a party is told of: no patient can make everybody’s list long. */
export const MOST_OF_CHART = 256;

/** Question for the rights of a party. */
export interface RightsWanted {
  readonly grantee: Address;
  /** Digest of the last grant that the party has got. */
  readonly after: Bytes32;
}

/** Tells which rights a party has, by the openings of grants that a node keeps. */
export class RightsGiven {
  readonly #database: ServiceDatabase;
  readonly #feed: Pick<DepositFeed, 'source'>;

  /**
   * @param database - The store's.
   * @param feed - Sources of deposits, by name.
   */
  constructor(database: ServiceDatabase, feed: Pick<DepositFeed, 'source'>) {
    this.#database = database;
    this.#feed = feed;
  }

  /**
   * Openings of the rights of a party that the ledger has and that are not over, one page, in ascending order of their
   * digests.
   *
   * @param wanted - Grantee, and the last digest of the page before.
   * @param view - The node's own view of the ledger.
   */
  async page(
    { grantee, after }: RightsWanted,
    view: Pick<ChartView, 'grant' | 'moment'>,
  ): Promise<readonly Grant[]> {
    const found: Grant[] = [];
    const onChart = new Map<Handle, number>();
    let counted: string | undefined;
    let last: string | undefined;
    for await (const [key, until] of this.#database.iterator(givenTo(grantee))) {
      const { second: digest, third: source } = readDepositKey(key);
      // Rights whose time is over stay listed as long as they are kept: they cost no more than their row.
      if (Number(until) <= view.moment) continue;
      const standing = view.grant(digest as Bytes32);
      if (digest === last || standing?.state !== 'active') continue;
      const count = (onChart.get(standing.handle) ?? 0) + (digest === counted ? 0 : 1);
      onChart.set(standing.handle, count);
      counted = digest;
      if (count > MOST_OF_CHART || digest <= after) continue;
      const grant = await this.#opening(source as Bytes32, { grantee, grant: digest as Bytes32 });
      // Of a grant that was signed twice, the other source may still be readable.
      if (grant === undefined) continue;
      last = digest;
      if (grant.terms.until > view.moment) found.push(grant);
      if (found.length === MOST_OPENINGS) break;
    }
    return found;
  }

  /** Changes that delete rows that lead to no such grant. */
  async stray(): Promise<readonly RowChange<string>[]> {
    const changes: RowChange<string>[] = [];
    for await (const key of this.#database.keys(GIVEN_ROWS)) {
      const { owner, second, third } = readDepositKey(key);
      const named = { grantee: owner as Address, grant: second as Bytes32 };
      const opening = await this.#opening(third as Bytes32, named);
      const isSpelled = givenKey({ ...named, source: third as Bytes32 }) === key;
      if (opening === undefined || !isSpelled) changes.push({ type: 'del', key });
    }
    return changes;
  }

  async #opening(
    source: Bytes32,
    wanted: { readonly grantee: Address; readonly grant: Bytes32 },
  ): Promise<Grant | undefined> {
    const row = await this.#feed.source(source);
    const known = row && granteeIn(row);
    if (row === undefined || !('submission' in row.copy)) return undefined;
    if (known?.grant !== wanted.grant || known.grantee !== wanted.grantee) return undefined;
    return (row.copy.submission.request as Signed<'Grant'>).message;
  }
}
