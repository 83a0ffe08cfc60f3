import type { RuleEvent } from '../../bindings/RuleEvent.ts';
import type { RowStore } from '../../database/rows/RowStore.ts';
import type { Rows } from '../../database/rows/Rows.ts';
import { ZERO32, ZERO_ADDRESS, type Bytes32 } from '../../protocol/ids.ts';
import type { DispenseFacts, PrescriptionFacts } from '../../protocol/care/prescriptions.ts';

/** An event of the contract. */
type PrescriptionEvent = Extract<
  RuleEvent,
  { kind: 'Prescribed' | 'Dispensed' | 'PrescriptionHeld' | 'HolderChanged' | 'PrescriptionEnded' }
>;

/** The patient's key of a prescription, and that of its slip. */
type PrescriptionKeys = Pick<PrescriptionFacts, 'holder' | 'slip'>;

/** An organisation's own index of the prescriptions on the ledger, from their events. */
export class PrescriptionIndex {
  readonly #known: Rows<PrescriptionFacts>;
  /** Prescriptions by the number of the record that they rest on. */
  readonly #orders: Rows<Bytes32>;
  /** Keys that a prescription had before it was passed on. */
  readonly #formerKeys: Rows<readonly PrescriptionKeys[]>;
  /** Dispenses by their digests. */
  readonly #dispenses: Rows<DispenseFacts>;

  /** @param store - The store of its rows. */
  constructor(store: RowStore) {
    this.#known = store.kind('prescription');
    this.#orders = store.kind('prescription-on');
    this.#formerKeys = store.kind('former-keys-of-prescription');
    this.#dispenses = store.kind('dispense');
  }

  /** Number of prescriptions. */
  get rows(): number {
    return this.#known.size;
  }

  /** A prescription as the ledger has it, by its digest; undefined if the ledger does not know it. */
  facts(prescription: Bytes32): PrescriptionFacts | undefined {
    return this.#known.get(prescription);
  }

  /** The keys that a prescription has, and those that it had before, oldest first. */
  keysEver(prescription: Bytes32): readonly PrescriptionKeys[] {
    const former = this.#formerKeys.get(prescription) ?? [];
    return former.concat(this.#known.get(prescription) ?? []);
  }

  /** Digest of the prescription that rests on a record, by its `orderNumber`; undefined if none does. */
  on(order: Bytes32): Bytes32 | undefined {
    return this.#orders.get(order);
  }

  /** A dispense as the ledger has it, by the digest of the `Dispense`; undefined if the ledger does not know it. */
  dispense(dispense: Bytes32): DispenseFacts | undefined {
    return this.#dispenses.get(dispense);
  }

  /**
   * Takes in an event of the contract.
   *
   * @param event - The next one.
   */
  apply(event: PrescriptionEvent): void {
    switch (event.kind) {
      case 'Prescribed': {
        const { prescription, order, prescriber, second, holder, slip } = event;
        const { amount, fills, interval, from, until } = event;
        const keys = { holder, slip };
        const terms = { prescriber, second, ...keys, amount, fills, interval, from, until };
        this.#known.set(prescription, { state: 'active', step: 0, dispensed: 0, ...terms });
        this.#orders.set(order, prescription);
        break;
      }
      case 'Dispensed': {
        const { prescription, step, amount, dispense } = event;
        const { dispensed = 0, slip = ZERO_ADDRESS } = this.#known.get(prescription) ?? {};
        this.#dispenses.set(dispense, { prescription, step, amount, slip, block: event.block });
        this.#change(prescription, { step, dispensed: dispensed + amount });
        break;
      }
      case 'PrescriptionHeld': {
        const { prescription, step, held } = event;
        this.#change(prescription, { step, state: held ? 'held' : 'active' });
        break;
      }
      case 'HolderChanged': {
        const { prescription, step, holder, slip } = event;
        this.#formerKeys.set(prescription, this.keysEver(prescription));
        this.#change(prescription, { step, holder, slip });
        break;
      }
      case 'PrescriptionEnded': {
        const { prescription, replacement } = event;
        const isReplaced = replacement !== ZERO32;
        this.#change(prescription, { state: 'ended', ...(isReplaced && { replacement }) });
        break;
      }
    }
  }

  #change(prescription: Bytes32, change: Partial<PrescriptionFacts>): void {
    const known = this.#known.get(prescription);
    if (known !== undefined) this.#known.set(prescription, { ...known, ...change });
  }
}
