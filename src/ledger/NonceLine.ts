import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { quantityIn } from '../bindings/quantityIn.ts';
import type { Address } from '../protocol/ids.ts';

/** Gives out an account's nonces in order, to any number of sends at the same time. */
export class NonceLine {
  readonly #provider: LedgerProvider;
  readonly #address: Address;
  #next: Promise<number> | undefined;

  constructor(provider: LedgerProvider, address: Address) {
    this.#provider = provider;
    this.#address = address;
  }

  /** The next nonce; the first one comes from the ledger. */
  async take(): Promise<number> {
    const taken = this.#next ?? this.counted();
    this.#next = taken.then((nonce) => nonce + 1);
    // Whoever takes the next one hears of the failure as well.
    this.#next.catch(() => {});
    try {
      return await taken;
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  /**
   * Takes a nonce back that was not used.
   * @returns True if it was the last one; otherwise those after it wait until it is used.
   */
  async giveBack(nonce: number): Promise<boolean> {
    const next = this.#next;
    if (next === undefined) return true;
    const last = (await next) === nonce + 1 && this.#next === next;
    if (last) this.#next = Promise.resolve(nonce);
    return last;
  }

  /** Asks the ledger again before the next nonce. */
  forget(): void {
    this.#next = undefined;
  }

  /** The nonce after what the ledger has of the account: in blocks, and waiting without a gap. */
  async counted(): Promise<number> {
    const params = [this.#address, 'pending'];
    const found = await this.#provider.request({ method: 'eth_getTransactionCount', params });
    return quantityIn(found, 'nonce');
  }
}
