import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Clock } from '../protocol/Clock.ts';
import type { Bytes32, Hex } from '../protocol/ids.ts';
import { isRpcError } from './isRpcError.ts';
import { isUsedByAnother, type HandedOver } from './isUsedByAnother.ts';

/** Milliseconds between two looks for a receipt. */
const POLL = 100;
/** Milliseconds after which a transaction that is in no block is handed over again. */
const AGAIN = 5_000;

/** A transaction that is signed and can be handed over. */
export interface ReadyTransaction extends HandedOver {
  readonly raw: Hex;
}

/**
 * Brings signed transactions to a ledger and their receipts back: by `eth_sendRawTransactionSync` (EIP-7966) where the
 * ledger has it, otherwise by looking again and again. When the connection drops, the same bytes are sent again, so
 * that nothing is done twice; and while they are in no block, because a ledger that ended forgets what waited there.
 * It follows what it handed over by its hash, however late its receipt is: only a block that has another transaction
 * with its nonce ends that early.
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
   * @param sent - The signed transaction.
   * @param deadline - Milliseconds since 1970.
   * @param onAgain - Called each time that it is handed over again, because it is in no block.
   * @returns Its receipt, as the ledger gave it.
   * @throws MedsealError `LEDGER_REJECTED` if the ledger refuses it, or a block has another one with its nonce; `NOT_YET` if
   * it is in no block by the deadline; `QUOTA_SPENT` or `OVERLOADED` if until then too much waits at the ledger; `CLOSED` if
   * the waiting was ended, and a later block may have it; errors of the provider.
   */
  async deliver(sent: ReadyTransaction, deadline: number, onAgain?: () => void): Promise<unknown> {
    let handed = this.#clock.now();
    let receipt = await this.#submit(sent, deadline);
    while (receipt === null) {
      // A machine may have slept past the deadline, and the block have come meanwhile.
      const isOver = this.#clock.now() >= deadline;
      receipt = await this.#receiptOf(sent.hash);
      if (receipt !== null) break;
      if (isOver) throw new MedsealError('NOT_YET', { what: 'transaction' });
      if (this.#clock.now() - handed >= AGAIN) {
        handed = this.#clock.now();
        onAgain?.();
        const refusal = await this.#remind(sent.raw);
        if (refusal !== undefined && (await this.#isLost(sent))) throw refusal;
      }
      await this.#pause();
    }
    return receipt;
  }

  /**
   * Hands it over once more. It waits there already, is in a block by now, or was forgotten, so only one refusal counts, and
   * is returned: that a block has its nonce, be it with this transaction or with another.
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
  async #submit({ raw, hash }: ReadyTransaction, deadline: number): Promise<unknown> {
    let again = false;
    for (;;) {
      try {
        if (this.#synchronous) return await this.#call('eth_sendRawTransactionSync', raw);
        await this.#call('eth_sendRawTransaction', raw);
        return null;
      } catch (error) {
        const waits = isRpcError(error, [4, 5], 'already known', 'already imported');
        // Refused the second time, it may well be because the first time it was taken.
        if (waits || (again && isNonceRefusal(error))) return null;
        if (isRpcError(error, [-32601]) && this.#synchronous) {
          this.#synchronous = false;
        } else if (isPassing(error) && this.#clock.now() < deadline) {
          again = true;
          await this.#pause();
        } else {
          const receipt = again ? await this.#receiptOf(hash) : null;
          if (receipt === null) throw error;
          return receipt;
        }
      }
    }
  }

  /** True if a block shows that it can never be in one; while that cannot be told, it is still followed. */
  async #isLost(sent: ReadyTransaction): Promise<boolean> {
    try {
      return await untilEnded(this.#ended, async () => await isUsedByAnother(this.#provider, sent));
    } catch (error) {
      if (isMedsealError(error, 'LEDGER_REJECTED') || isPassing(error)) return false;
      throw error;
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

/** Tells whether a ledger refuses a transaction because another one has its nonce, in a block or waiting. */
export function isNonceRefusal(error: unknown): boolean {
  return isRpcError(error, [], 'nonce too low', 'underpriced');
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

/**
 * Asks something of a ledger, and does not wait for the answer once its caller ends.
 *
 * @param ended - Aborted once the caller ends; absent if it never does.
 * @param ask - Asks; it is not called after the end.
 * @throws MedsealError `CLOSED` at the end.
 */
async function untilEnded<Answer>(
  ended: AbortSignal | undefined,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  if (ended === undefined) return await ask();
  const { promise, reject } = Promise.withResolvers<never>();
  const end = (): void => reject(new MedsealError('CLOSED', { what: 'node' }));
  if (ended.aborted) end();
  else ended.addEventListener('abort', end);
  try {
    return await Promise.race([promise, ...(ended.aborted ? [] : [ask()])]);
  } finally {
    ended.removeEventListener('abort', end);
  }
}
