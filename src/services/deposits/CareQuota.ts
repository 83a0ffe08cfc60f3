import type { RowChange, ServiceDatabase } from '../../database/synced.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import type { CareType, Signed } from '../../protocol/struct/requests.ts';
import { charge } from './charge.ts';
import type { DepositFeed, DepositSource } from './DepositFeed.ts';
import { careOf, readDepositKey } from './depositKeys.ts';

/** The most characters of one party's requests of care that nodes keep and the ledger did not take. */
export const MOST_CARE = 4 * 2 ** 20;
/** Seconds after its deadline in which a request may still appear in a block of the ledger. */
export const AFTERMATH = 3600;
/** Factor for what a peer keeps already: no node that was away stays behind because of a quota. */
const COPIED = 2;

/** A node's own view of the ledger, as far as it tells what became of a request. */
export interface CareView {
  readonly moment: number;
  /** Tells whether the ledger took a request of care. */
  isPlaced(request: Signed<CareType>): boolean;
}

/**
 * Limits what a node keeps of each party's requests of care that the ledger did not take: it refused them in a race, by
 * a rule that only the contract knows, or nobody sent them there. Those that the ledger took are bounded by the ledger,
 * and stay. The others are forgotten an hour after their deadline, when there is no room for more.
 */
export class CareQuota {
  readonly #database: ServiceDatabase;
  readonly #feed: DepositFeed;
  /** Characters that are being written, by party. */
  readonly #arriving = new Map<Address, number>();

  /**
   * @param database - The store's.
   * @param feed - Sources of deposits, in the order in which they came.
   */
  constructor(database: ServiceDatabase, feed: DepositFeed) {
    this.#database = database;
    this.#feed = feed;
  }

  /**
   * Has a request of care written if there is room for it.
   *
   * @param source - The request, checked.
   * @param options.view - The node's own view of the ledger.
   * @param options.isCopy - True if a peer keeps it already.
   * @param options.write - Writes it.
   * @throws MedsealError `QUOTA_SPENT`.
   */
  async keep(
    source: DepositSource,
    options: {
      readonly view: CareView;
      readonly isCopy: boolean;
      readonly write: () => Promise<void>;
    },
  ): Promise<void> {
    const { view, isCopy, write } = options;
    const request = requestIn(source);
    if (request === undefined || view.isPlaced(request) || (await this.#feed.isListed(source.id))) {
      return await write();
    }
    const { party } = request;
    const size = charge(source.copy);
    this.#arriving.set(party, this.#arrivingOf(party) + size);
    try {
      const most = MOST_CARE * (isCopy ? COPIED : 1);
      if ((await this.#taken(party)) > most) await this.#settle(party, view);
      if ((await this.#taken(party)) > most) {
        throw new MedsealError('QUOTA_SPENT', { what: 'requests of care of one party' });
      }
      await write();
    } finally {
      const left = this.#arrivingOf(party) - size;
      if (left > 0) this.#arriving.set(party, left);
      else this.#arriving.delete(party);
    }
  }

  /** Characters that are kept, or being written, of a party's requests. */
  async #taken(party: Address): Promise<number> {
    let taken = this.#arrivingOf(party);
    for await (const size of this.#database.values(careOf(party))) taken += Number(size);
    return taken;
  }

  /** Counts no longer those that the ledger took, and forgets those that it cannot take any more. */
  async #settle(party: Address, view: CareView): Promise<void> {
    const changes: RowChange<string>[] = [];
    for await (const key of this.#database.keys(careOf(party))) {
      const id = readDepositKey(key).second as Bytes32;
      const source = await this.#feed.source(id);
      const request = source && requestIn(source);
      if (source === undefined || request === undefined || view.isPlaced(request)) {
        // One that cannot be read is for a repair.
        const [isKnown] = await this.#feed.knows([id]);
        if (source !== undefined || isKnown !== true) changes.push({ type: 'del', key });
      } else if (isUntaken(source, view) && !(await this.#feed.isLast(source))) {
        changes.push(...this.#feed.forgetting(source));
      }
    }
    if (changes.length > 0) await this.#database.batch(changes);
  }

  #arrivingOf(party: Address): number {
    return this.#arriving.get(party) ?? 0;
  }
}

/**
 * Tells whether a request of care is one that the ledger did not take, and cannot take any more.
 *
 * @param source - It, whether it is kept or about to be.
 * @param view - The node's own view of the ledger.
 */
export function isUntaken({ copy }: Pick<DepositSource, 'copy'>, view: CareView): boolean {
  const request = requestIn({ copy });
  if (request === undefined) return false;
  return request.message.deadline + AFTERMATH < view.moment && !view.isPlaced(request);
}

function requestIn({ copy }: Pick<DepositSource, 'copy'>): Signed<CareType> | undefined {
  return 'care' in copy ? (copy.care.request as Signed<CareType>) : undefined;
}
