import type { Hex } from '../../protocol/ids.ts';
import { keepNewest } from '../../crypto/keepNewest.ts';
import type { LogQuery } from './LogQuery.ts';

/** Filters at most; the one that was asked least lately makes room. */
const MAX_FILTERS = 1024;

/** Criteria of a filter, and the next block to tell of. */
export interface Filter {
  readonly kind: 'logs' | 'blocks' | 'transactions';
  /** For logs. */
  readonly query: LogQuery | undefined;
  /** The first block that it has not been told of. */
  nextBlock: number;
  /** For transactions: those that arrived since. */
  readonly arrived: Hex[];
}

/** The filters that clients have open; they do not outlive the process. */
export class FilterRegistry {
  readonly #filters = new Map<Hex, Filter>();
  #last = 0;

  /** Opens a filter. */
  add(filter: Filter): Hex {
    this.#last += 1;
    const id: Hex = `0x${this.#last.toString(16)}`;
    this.#filters.set(id, filter);
    keepNewest(this.#filters, MAX_FILTERS);
    return id;
  }

  /** A filter that is open. */
  get(id: Hex): Filter | undefined {
    const filter = this.#filters.get(id);
    if (filter) {
      this.#filters.delete(id);
      this.#filters.set(id, filter);
    }
    return filter;
  }

  /** Closes a filter. */
  remove(id: Hex): boolean {
    return this.#filters.delete(id);
  }

  /** Notes a transaction that waits. */
  noteTransaction(hash: Hex): void {
    for (const filter of this.#filters.values()) {
      if (filter.kind === 'transactions' && filter.arrived.length < MAX_ARRIVED) {
        filter.arrived.push(hash);
      }
    }
  }
}

const MAX_ARRIVED = 8192;
