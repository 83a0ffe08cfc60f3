import type { RuleEvent } from '../../bindings/RuleEvent.ts';
import type { RowStore } from '../../database/rows/RowStore.ts';
import type { Rows } from '../../database/rows/Rows.ts';
import type { Handle } from '../../protocol/ids.ts';
import { UNTOLD_LIFE, type LifeFacts, type VitalFacts } from '../../protocol/care/vitalRecords.ts';
import type { Vital } from '../../protocol/struct/vitalTypes.ts';

/** An event of the contract. */
type VitalEvent = Extract<
  RuleEvent,
  { kind: 'VitalReported' | 'VitalConfirmed' | 'VitalUndone' | 'WillSet' }
>;

/** An organisation's own index of births, deaths and wills on the ledger, from their events. */
export class VitalIndex {
  readonly #lives: Rows<LifeFacts>;

  /** @param store - The store of its rows. */
  constructor(store: RowStore) {
    this.#lives = store.kind('life');
  }

  /** Number of lives. */
  get rows(): number {
    return this.#lives.size;
  }

  /** The life of a handle; that of the living, of whom nothing was reported, if the ledger does not know it. */
  life(handle: Handle): LifeFacts {
    return this.#lives.get(handle) ?? UNTOLD_LIFE;
  }

  /** True if the ledger has anything of a handle. */
  knows(handle: Handle): boolean {
    return this.#lives.has(handle);
  }

  /**
   * Takes in an event of the contract.
   *
   * @param event - The next one.
   */
  apply(event: VitalEvent): void {
    switch (event.kind) {
      case 'VitalReported': {
        const { handle, what, step, report, reporter, reportedAt, block: reportedIn } = event;
        const by = { report, reporter, reportedAt, reportedIn };
        this.#set(handle, what, { stage: 'reported', step, ...by });
        break;
      }
      case 'VitalConfirmed': {
        const { handle, what, step, since } = event;
        this.#set(handle, what, { ...this.life(handle)[what], stage: 'confirmed', step, since });
        break;
      }
      case 'VitalUndone':
        this.#set(event.handle, event.what, { stage: 'none', step: event.step });
        break;
      case 'WillSet': {
        const { handle, will, number } = event;
        this.#lives.set(handle, { ...this.life(handle), will, number });
        break;
      }
    }
  }

  #set(handle: Handle, what: Vital, facts: VitalFacts): void {
    this.#lives.set(handle, { ...this.life(handle), [what]: facts });
  }
}
