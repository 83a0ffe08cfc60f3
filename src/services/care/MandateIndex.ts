import type { RuleEvent } from '../../bindings/RuleEvent.ts';
import type { RowStore } from '../../database/rows/RowStore.ts';
import type { Rows } from '../../database/rows/Rows.ts';
import type { MandateFacts } from '../../protocol/care/mandates.ts';
import { ZERO_ADDRESS, type Handle } from '../../protocol/ids.ts';

/** An organisation's own index of the keys that act for patients, from the ledger's events. */
export class MandateIndex {
  readonly #mandates: Rows<readonly MandateFacts[]>;

  /** @param store - The store of its rows. */
  constructor(store: RowStore) {
    this.#mandates = store.kind('mandates');
  }

  /** The mandates on a handle, oldest first. */
  of(handle: Handle): readonly MandateFacts[] {
    return this.#mandates.get(handle) ?? [];
  }

  /**
   * Takes in an event of the contract.
   *
   * @param event - The next one.
   * @param lastEpoch - The last epoch that the chart is committed to.
   */
  apply(
    event: Extract<RuleEvent, { kind: 'Appointed' | 'MandateEnded' }>,
    lastEpoch: number,
  ): void {
    const { handle, key } = event;
    const before = this.of(handle);
    if (event.kind === 'MandateEnded') {
      const ended = before.map((each) =>
        each.key === key ? ({ ...each, state: 'ended', lastEpoch } as const) : each,
      );
      this.#mandates.set(handle, ended);
      return;
    }
    const { mandate, powers, until, appointer } = event;
    const by = appointer === ZERO_ADDRESS ? {} : { appointer };
    this.#mandates.set(handle, [
      ...before,
      { mandate, key, powers, until, state: 'active', ...by },
    ]);
  }
}
