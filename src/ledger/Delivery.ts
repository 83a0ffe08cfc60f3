import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Clock } from '../protocol/Clock.ts';
import type { Bytes32, Hex } from '../protocol/ids.ts';
import { isRpcError } from './isRpcError.ts';
import { untilEnded } from './untilEnded.ts';

/** Milliseconds between two looks for a receipt. */
const POLL = 100;
/** The most looks for the receipt of a transaction whose nonce is used, before another one is taken to have used it. */
const LOOKS = 50;
/** Milliseconds after which a transaction that is in no block is handed over again. */
const AGAIN = 5_000;
/** Milliseconds for which a nonce must be used, and no receipt be there, before another one is taken to have used it. */
const CERTAIN = 10_000;

/**
 * Brings signed transactions to a ledger and their receipts back: by `eth_sendRawTransactionSync` (EIP-7966) where the
 * ledger has it, otherwise by looking again and again. When the connection drops, the same bytes are sent again, so
 * that nothing is done twice; and while they are in no block, because a ledger that ended forgets what waited there.
 */
export class Delivery {
  readonly #provider: LedgerProvider;
  readonly #clock: Clock;
  readonly #ended: AbortSignal | undefined;
  #synchronous = true;

  /**
   * @param provider - The ledger.
   * @param clock - Clock whose timers are used.
   * @param ended - Ends all waiting.
   */
  constructor(provider: LedgerProvider, clock: Clock, ended?: AbortSignal) {
    this.#provider = provider;
    this.#clock = clock;
    this.#ended = ended;
  }

  /**
   * @param raw - The signed transaction.
   * @param hash - Its hash.
   * @param deadline - Milliseconds since 1970.
   * @param onAgain - Called each time that it is handed over again, because it is in no block.
   * @returns Its receipt, as the ledger gave it.
   * @throws MedsealError `LEDGER_REJECTED` if the ledger refuses it, or a block has another one with its nonce; `NOT_YET` if
   * it is in no block by the deadline; `QUOTA_SPENT` or `OVERLOADED` if until then too much waits at the ledger; `CLOSED` if
   * the waiting was ended, and a later block may have it; errors of the provider.
   */
  async deliver(raw: Hex, hash: Bytes32, deadline: number, onAgain?: () => void): Promise<unknown> {
    let handed = this.#clock.now();
    let receipt = await this.#submit(raw, hash, deadline);
    let refused: number | undefined;
    while (receipt === null) {
      if (this.#clock.now() >= deadline) throw new MedsealError('NOT_YET', { what: 'transaction' });
      receipt = await this.#receiptOf(hash);
      if (receipt !== null) break;
      if (this.#clock.now() - handed >= AGAIN) {
        handed = this.#clock.now();
        onAgain?.();
        const refusal = await this.#remind(raw);
        refused = refusal === undefined ? undefined : (refused ?? handed);
        if (refused !== undefined && handed - refused >= CERTAIN) throw refusal;
      }
      await this.#pause();
    }
    return receipt;
  }

  /**
   * Hands it over once more. It waits there already, is in a block by now, or was forgotten, so only one refusal counts, and
   * is returned: that a block has its nonce.
   */
  async #remind(raw: Hex): Promise<unknown> {
    try {
      await this.#call('eth_sendRawTransaction', raw);
    } catch (error) {
      if (isRpcError(error, [], 'nonce too low')) return error;
      if (!isMedsealError(error, 'LEDGER_REJECTED') && !isPassing(error)) throw error;
    }
    return undefined;
  }

  /** Hands it over, once or several times, until it is known to be with the ledger or refused. */
  async #submit(raw: Hex, hash: Bytes32, deadline: number): Promise<unknown> {
    for (let again = false; ; again = true) {
      try {
        if (this.#synchronous) return await this.#call('eth_sendRawTransactionSync', raw);
        await this.#call('eth_sendRawTransaction', raw);
        return null;
      } catch (error) {
        const waits = isRpcError(error, [4, 5], 'already known', 'already imported');
        if (waits) return null;
        if (isRpcError(error, [-32601]) && this.#synchronous) {
          this.#synchronous = false;
        } else if (isPassing(error) && this.#clock.now() < deadline) {
          await this.#pause();
        } else {
          // Refused the second time, it may well be because the first time it was taken.
          const receipt = again ? await this.#receiptAfter(error, hash, deadline) : null;
          if (receipt === null) throw error;
          return receipt;
        }
      }
    }
  }

  /** Looks for a receipt after a refusal: a ledger may tell that a nonce is used before it tells by what. */
  async #receiptAfter(refusal: unknown, hash: Bytes32, deadline: number): Promise<unknown> {
    const looks = isRpcError(refusal, [], 'nonce too low') ? LOOKS : 1;
    for (let look = 1; ; look++) {
      const receipt = await this.#receiptOf(hash);
      if (receipt !== null || look === looks || this.#clock.now() >= deadline) return receipt;
      await this.#pause();
    }
  }

  async #receiptOf(hash: Bytes32): Promise<unknown> {
    try {
      return await this.#call('eth_getTransactionReceipt', hash);
    } catch (error) {
      if (isUnreachable(error)) return null;
      throw error;
    }
  }

  async #call(method: string, parameter: Hex): Promise<unknown> {
    const call = { method, params: [parameter] };
    return await untilEnded(this.#ended, async () => await this.#provider.request(call));
  }

  async #pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#clock.after(POLL, resolve);
    });
  }
}

/** Tells whether the same call can succeed later: no connection, or too much waits at the ledger. */
function isPassing(error: unknown): boolean {
  return (
    isUnreachable(error) ||
    isMedsealError(error, 'QUOTA_SPENT') ||
    isMedsealError(error, 'OVERLOADED')
  );
}

function isUnreachable(error: unknown): boolean {
  return isMedsealError(error, 'LEDGER_UNREACHABLE');
}
