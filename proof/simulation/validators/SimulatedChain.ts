import type { RunTxResult } from '@ethereumjs/vm';
import { hexToBytes } from '../../../src/crypto/bytes.ts';
import type { Primitives } from '../../../src/crypto/Primitives.ts';
import { appendBlock, type Executed } from '../../../src/ledger/chain/appendBlock.ts';
import { Chain } from '../../../src/ledger/chain/Chain.ts';
import type { Genesis } from '../../../src/ledger/chain/genesis.ts';
import { GAS_LIMIT } from '../../../src/ledger/chain/limits.ts';
import { Machine } from '../../../src/ledger/chain/Machine.ts';
import { outcomeOf } from '../../../src/ledger/chain/outcomeOf.ts';
import type { SignedTransaction } from '../../../src/ledger/chain/readTransaction.ts';
import type { LedgerDatabase } from '../../../src/ledger/store/LedgerDatabase.ts';
import type { Address } from '../../../src/protocol/ids.ts';

/** Options of `SimulatedChain.open`. */
export interface ChainOptions {
  readonly database: LedgerDatabase;
  readonly chainId: number;
  readonly genesis: Genesis;
  readonly primitives: Primitives;
}

/** The blocks that validators finished, made by the EVM, with empty ones among them. */
export class SimulatedChain {
  /** At the newest block of all. */
  readonly newest: Chain;
  readonly #machine: Machine;
  readonly #options: ChainOptions;

  private constructor(newest: Chain, machine: Machine, options: ChainOptions) {
    this.newest = newest;
    this.#machine = machine;
    this.#options = options;
  }

  /** Opens a chain in its database, at its last block. */
  static async open(options: ChainOptions): Promise<SimulatedChain> {
    const newest = await openChain(options);
    const state = newest.stateAt(newest.head.header);
    const machine = await Machine.create(state, newest.common, (number) => newest.hashOf(number));
    return new SimulatedChain(newest, machine, options);
  }

  /** Number of the newest block. */
  get height(): number {
    return this.newest.head.header.number;
  }

  /** Time of the newest block, Unix seconds. */
  get timestamp(): number {
    return this.newest.head.header.timestamp;
  }

  /** The same blocks as a node has them that can be behind. */
  async copy(): Promise<Chain> {
    return await openChain(this.#options);
  }

  /** The next nonce of an account by the newest block. */
  nonceOf(account: Address): number {
    const state = this.newest.stateAt(this.newest.head.header);
    return Number(state.account(hexToBytes(account))?.nonce ?? 0n);
  }

  /**
   * Makes the next block.
   *
   * @param transactions - In their order; those that cannot be executed, or for which there is no gas, stay outside.
   * @param timestamp - Unix seconds.
   */
  async append(transactions: readonly SignedTransaction[], timestamp: number): Promise<void> {
    const { header } = this.newest.head;
    this.#machine.state.reset(header.stateRoot);
    const executed = await this.#run(transactions, header.number + 1, timestamp);
    await appendBlock(this.newest, this.#machine, executed, timestamp);
  }

  async #run(
    transactions: readonly SignedTransaction[],
    number: number,
    timestamp: number,
  ): Promise<readonly Executed[]> {
    if (transactions.length === 0) return [];
    const block = this.#machine.block({ number, timestamp });
    const done: Executed[] = [];
    let gasUsed = 0;
    for (const transaction of transactions) {
      if (gasUsed + Number(transaction.tx.gasLimit) > GAS_LIMIT) break;
      let result: RunTxResult;
      try {
        result = await this.#machine.run(transaction.tx, block, gasUsed);
      } catch {
        continue;
      }
      gasUsed += Number(result.totalGasSpent);
      done.push({ transaction, result, receipt: outcomeOf(transaction, result, gasUsed) });
    }
    return done;
  }
}

async function openChain(options: ChainOptions): Promise<Chain> {
  const { database, chainId, genesis, primitives } = options;
  return await Chain.open(database, chainId, genesis, primitives);
}
