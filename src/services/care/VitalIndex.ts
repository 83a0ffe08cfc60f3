import type { RuleEvent } from '../../bindings/RuleEvent.ts';
import type { LedgerPlace } from '../../protocol/evidence.ts';
import type { Address, Bytes32, Handle } from '../../protocol/ids.ts';
import type { LifeFacts } from '../../protocol/vitalRecords.ts';

/** An event of the contract. */
type VitalEvent = Extract<
  RuleEvent,
  { kind: 'BirthRegistered' | 'DeathReported' | 'DeathConfirmed' | 'DeathUndone' | 'WillSet' }
>;

const UNTOLD: LifeFacts = { state: 'living', step: 0, number: 0 };

/** An organisation's own index of births, deaths and wills on the ledger, from their events. */
export class VitalIndex {
  readonly #lives = new Map<Handle, LifeFacts>();
  /** Places of what was done, by the digest of what did it, or by handle, step and confirmer. */
  readonly #places = new Map<string, LedgerPlace>();

  /** Number of lives and of their steps that it holds in memory. */
  get rows(): number {
    return this.#lives.size + this.#places.size;
  }

  /** The life of a handle; that of the living, of whom nothing was registered, if the ledger does not know it. */
  life(handle: Handle): LifeFacts {
    return this.#lives.get(handle) ?? UNTOLD;
  }

  /** True if the ledger has anything of a handle. */
  knows(handle: Handle): boolean {
    return this.#lives.has(handle);
  }

  /** Place on the ledger of a birth, a report, an undoing, an objection or a will, by its digest. */
  place(digest: Bytes32): LedgerPlace | undefined {
    return this.#places.get(digest);
  }

  /** Place on the ledger at which a party confirmed a death, by the step that did it. */
  confirmed(handle: Handle, step: number, confirmer: Address): LedgerPlace | undefined {
    return this.#places.get(`${handle}/${step}/${confirmer}`);
  }

  /**
   * Takes in an event of the contract.
   *
   * @param event - The next one.
   */
  apply(event: VitalEvent): void {
    const { handle } = event;
    const { death: _, since: __, reporter: ___, ...living } = this.life(handle);
    const place = { transaction: event.transaction, block: event.block };
    switch (event.kind) {
      case 'BirthRegistered':
        this.#lives.set(handle, { ...this.life(handle), birth: event.birth });
        this.#places.set(event.birth, place);
        break;
      case 'DeathReported': {
        const { step, death, reporter } = event;
        this.#lives.set(handle, { ...living, state: 'reported', step, death, reporter });
        this.#places.set(death, place);
        break;
      }
      case 'DeathConfirmed': {
        const { step, since, confirmer } = event;
        this.#lives.set(handle, { ...this.life(handle), state: 'dead', step, since });
        this.#places.set(`${handle}/${step}/${confirmer}`, place);
        break;
      }
      case 'DeathUndone':
        this.#lives.set(handle, { ...living, state: 'living', step: event.step });
        this.#places.set(event.undoing, place);
        break;
      case 'WillSet': {
        const { will, number } = event;
        this.#lives.set(handle, { ...this.life(handle), will, number });
        this.#places.set(will, place);
        break;
      }
    }
  }
}
