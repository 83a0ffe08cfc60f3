import type { Address } from '../protocol/ids.ts';
import type { LedgerIndex } from '../services/LedgerIndex.ts';

/**
 * Admits senders of transactions to the embedded ledger: administrators that the Registry has and that are not
 * suspended, and a founder's account until the Registry has it, so that the network can be founded.
 */
export class SenderAdmission {
  readonly #founders: ReadonlySet<Address>;
  #index: Pick<LedgerIndex, 'refresh' | 'party'> | undefined;

  /** @param founders - The accounts of the organisations that found the network. */
  constructor(founders: readonly Address[]) {
    this.#founders = new Set(founders);
  }

  /**
   * Makes the Registry decide from now on.
   * @param index - View of the ledger that asks.
   */
  follow(index: Pick<LedgerIndex, 'refresh' | 'party'>): void {
    this.#index = index;
  }

  /** Tells whether the ledger takes transactions of an account. */
  async maySend(account: Address): Promise<boolean> {
    if (this.#index === undefined) return this.#founders.has(account);
    await this.#index.refresh();
    const party = this.#index.party(account);
    if (party === undefined) return this.#founders.has(account);
    return party.role === 'administrator' && !party.suspended;
  }
}
