import type { RunTxResult } from '@ethereumjs/vm';
import { seconds, type Clock } from '../../protocol/Clock.ts';
import { hexToBytes } from '../../crypto/bytes.ts';
import { requireNotAhead } from '../../protocol/evidence/requireNotAhead.ts';
import { LedgerRejection } from '../LedgerRejection.ts';
import { appendBlock, type Executed } from './appendBlock.ts';
import type { Chain } from './Chain.ts';
import { GAS_LIMIT, MAX_TRANSACTIONS } from './limits.ts';
import type { Machine } from './Machine.ts';
import { outcomeOf } from './outcomeOf.ts';
import type { TransactionPool, Waiting } from './TransactionPool.ts';

/**
 * Makes blocks: one as soon as anything waits, the next from what arrived while it was written. A block is
 * on disk before anybody hears of it.
 */
export class Producer {
  readonly #chain: Chain;
  readonly #pool: TransactionPool;
  readonly #machine: Machine;
  readonly #clock: Clock;
  readonly #publish: () => void;
  #running: Promise<void> | undefined;
  #closing = false;

  /** @param publish - Called after each block, when it is the last one. */
  constructor(
    chain: Chain,
    pool: TransactionPool,
    machine: Machine,
    clock: Clock,
    publish: () => void,
  ) {
    this.#chain = chain;
    this.#pool = pool;
    this.#machine = machine;
    this.#clock = clock;
    this.#publish = publish;
  }

  /** Sees to it that what waits gets into a block. */
  wake(): void {
    if (this.#closing) return;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Makes no further block; resolves when the one at hand is on disk. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    // Transactions that arrive in the same turn of the event loop belong into the same block.
    await turn();
    try {
      while ((await this.#produce()) && !this.#closing);
    } catch (error) {
      // The disk or the machine failed: waiting senders are told, and the ledger takes nothing more.
      this.#chain.store.stop();
      this.#pool.clear(error);
    }
  }

  /** Makes one block, if anything is ready for it. */
  async #produce(): Promise<boolean> {
    const { head } = this.#chain;
    try {
      requireNotAhead(head.header.timestamp, this.#clock);
    } catch (error) {
      // The clock was set back meanwhile. Waiting senders are told; transactions sent later are taken once the clock
      // allows it.
      this.#pool.clear(error);
      return false;
    }
    const { state } = this.#machine;
    state.reset(head.header.stateRoot);
    const ready = this.#pool
      .ready((from) => Number(state.account(hexToBytes(from))?.nonce ?? 0n))
      .slice(0, MAX_TRANSACTIONS);
    if (ready.length === 0) return false;

    const timestamp = Math.max(head.header.timestamp, seconds(this.#clock));
    const number = head.header.number + 1;
    const done = await this.#execute(ready, number, timestamp);
    if (done.length === 0) return true;

    await appendBlock(this.#chain, this.#machine, done, timestamp);
    // Those who follow the ledger hear of a block before those who wait for their transaction in it.
    this.#publish();
    for (const { transaction } of done) this.#pool.remove(transaction);
    return true;
  }

  async #execute(
    ready: readonly Waiting[],
    number: number,
    timestamp: number,
  ): Promise<Executed<Waiting>[]> {
    const block = this.#machine.block({ number, timestamp });
    const done: Executed<Waiting>[] = [];
    let gasUsed = 0;
    for (const waiting of ready) {
      if (gasUsed + Number(waiting.tx.gasLimit) > GAS_LIMIT) break;
      waiting.taken = true;
      let result: RunTxResult;
      try {
        result = await this.#machine.run(waiting.tx, block, gasUsed);
      } catch {
        // It was checked when it was sent, but transactions before it in the block used up what it needs.
        this.#pool.remove(waiting, new LedgerRejection(-32000, 'transaction cannot be executed'));
        continue;
      }
      gasUsed += Number(result.totalGasSpent);
      done.push({ transaction: waiting, result, receipt: outcomeOf(waiting, result, gasUsed) });
      await turn();
    }
    return done;
  }
}

/** Lets what waits for the event loop go first. */
async function turn(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}
