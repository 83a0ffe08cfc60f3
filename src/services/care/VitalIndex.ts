import type { RuleEvent } from '../../bindings/RuleEvent.ts';
import type { LedgerPlace } from '../../protocol/evidence/evidence.ts';
import type { Address, Bytes32, Handle } from '../../protocol/ids.ts';
import { UNTOLD_LIFE, type LifeFacts, type VitalFacts } from '../../protocol/care/vitalRecords.ts';
import type { Vital } from '../../protocol/struct/vitalTypes.ts';

/** An event of the contract. */
type VitalEvent = Extract<
  RuleEvent,
  { kind: 'VitalReported' | 'VitalConfirmed' | 'VitalUndone' | 'WillSet' }
>;

/** An organisation's own index of births, deaths and wills on the ledger, from their events. */
export class VitalIndex {
  readonly #lives = new Map<Handle, LifeFacts>();
  /** Places of what was done, by the digest of what did it, or by report, step and confirmer. */
  readonly #places = new Map<string, LedgerPlace>();

  /** Number of lives and of their steps that it holds in memory. */
  get rows(): number {
    return this.#lives.size + this.#places.size;
  }

  /** The life of a handle; that of the living, of whom nothing was reported, if the ledger does not know it. */
  life(handle: Handle): LifeFacts {
    return this.#lives.get(handle) ?? UNTOLD_LIFE;
  }

  /** True if the ledger has anything of a handle. */
  knows(handle: Handle): boolean {
    return this.#lives.has(handle);
  }

  /** Place on the ledger of a report, an undoing, an objection or a will, by its digest. */
  place(digest: Bytes32): LedgerPlace | undefined {
    return this.#places.get(digest);
  }

  /** Place on the ledger at which a party confirmed a report, by the step that did it. */
  confirmed(report: Bytes32, step: number, confirmer: Address): LedgerPlace | undefined {
    return this.#places.get(`${report}/${step}/${confirmer}`);
  }

  /**
   * Takes in an event of the contract.
   *
   * @param event - The next one.
   */
  apply(event: VitalEvent): void {
    const place = { transaction: event.transaction, block: event.block };
    switch (event.kind) {
      case 'VitalReported': {
        const { handle, what, step, report, reporter, reportedAt, block: reportedIn } = event;
        const by = { report, reporter, reportedAt, reportedIn };
        this.#set(handle, what, { stage: 'reported', step, ...by });
        this.#places.set(report, place);
        break;
      }
      case 'VitalConfirmed': {
        const { handle, what, step, report, since, confirmer } = event;
        this.#set(handle, what, { ...this.life(handle)[what], stage: 'confirmed', step, since });
        this.#places.set(`${report}/${step}/${confirmer}`, place);
        break;
      }
      case 'VitalUndone':
        this.#set(event.handle, event.what, { stage: 'none', step: event.step });
        this.#places.set(event.undoing, place);
        break;
      case 'WillSet': {
        const { handle, will, number } = event;
        this.#lives.set(handle, { ...this.life(handle), will, number });
        this.#places.set(will, place);
        break;
      }
    }
  }

  #set(handle: Handle, what: Vital, facts: VitalFacts): void {
    this.#lives.set(handle, { ...this.life(handle), [what]: facts });
  }
}
