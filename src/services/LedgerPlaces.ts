import type { RuleEvent } from '../bindings/readEvents.ts';
import type { RowStore } from '../database/rows/RowStore.ts';
import type { Rows } from '../database/rows/Rows.ts';
import type { LedgerPlace } from '../protocol/evidence/evidence.ts';
import { LEDGER_REQUESTS, type Effect } from '../protocol/struct/ledgerRequests.ts';

/** The fields that tell requests apart, by the event that tells of them. */
const FIELDS: ReadonlyMap<string, readonly string[]> = new Map(
  (Object.values(LEDGER_REQUESTS) as readonly { readonly effect?: Effect }[])
    .flatMap(({ effect }) => (effect === undefined ? [] : [effect]))
    .map(([event, ...fields]) => [event, fields]),
);

/** Places on the ledger of what requests did, by the events that tell of it. */
export class LedgerPlaces {
  readonly #places: Rows<LedgerPlace>;

  /** @param store - The store of its rows. */
  constructor(store: RowStore) {
    this.#places = store.kind('place');
  }

  /** Number of places. */
  get rows(): number {
    return this.#places.size;
  }

  /**
   * Takes in an event of a contract.
   *
   * @param event - The next one.
   */
  apply(event: RuleEvent): void {
    const fields = FIELDS.get(event.kind);
    if (fields === undefined) return;
    const { transaction, block } = event;
    const values = event as unknown as Readonly<Record<string, unknown>>;
    const key = keyOf(
      event.kind,
      fields.map((field) => values[field]),
    );
    this.#places.set(key, { transaction, block });
  }

  /**
   * Returns the place of what an event tells of; undefined if the ledger does not have it.
   *
   * @param event - Kind of the event.
   * @param values - Values of the fields by which requests are told apart, in the order of the table of requests.
   */
  of(event: RuleEvent['kind'], ...values: readonly unknown[]): LedgerPlace | undefined {
    return this.#places.get(keyOf(event, values));
  }
}

function keyOf(event: string, values: readonly unknown[]): string {
  return [event, ...values.map(String)].join('/');
}
