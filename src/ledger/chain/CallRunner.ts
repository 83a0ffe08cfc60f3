import type { ExecResult } from '@ethereumjs/evm';
import { createTx } from '@ethereumjs/tx';
import { Address as EvmAddress } from '@ethereumjs/util';
import { hexToBytes } from '../../crypto/bytes.ts';
import type { Address } from '../../protocol/ids.ts';
import type { Chain } from './Chain.ts';
import type { Header } from './Header.ts';
import { LedgerRejection } from '../LedgerRejection.ts';
import { Machine, type BlockContext } from './Machine.ts';

/** Calls that wait for their turn at most. */
const MOST_WAITING = 512;

/** A call as `eth_call` takes it, read. */
export interface Call {
  readonly from: Address;
  /** Undefined to create a contract. */
  readonly to: Address | undefined;
  readonly data: Uint8Array;
  readonly value: bigint;
  readonly gas: number;
}

/** What came of a call that was tried as a transaction. */
export interface Trial {
  readonly outcome: ExecResult;
  readonly gasUsed: number;
  /** Gas given back at the end, which must be there before. */
  readonly refund: number;
}

/**
 * Runs calls that change nothing, one after the other, on an EVM of their own beside the one that makes blocks. While a
 * call runs everything else takes its turn.
 */
export class CallRunner {
  readonly #chain: Chain;
  readonly #machine: Machine;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  private constructor(chain: Chain, machine: Machine) {
    this.#chain = chain;
    this.#machine = machine;
  }

  static async create(chain: Chain): Promise<CallRunner> {
    const state = chain.stateAt(chain.head.header);
    const hashOf = (number: number): Uint8Array => chain.hashOf(number);
    const machine = await Machine.create(state, chain.common, hashOf, { sliced: true });
    return new CallRunner(chain, machine);
  }

  /**
   * Runs a call as a message: any sender, no intrinsic gas.
   * @param at - Whose state it runs on.
   * @param context - The block that it sees.
   */
  async call(call: Call, at: Header, context: BlockContext): Promise<ExecResult> {
    return await this.#alone(async () => {
      this.#machine.state.reset(at.stateRoot);
      return await this.#machine.call({
        block: this.#machine.block(context),
        caller: evmAddress(call.from),
        ...(call.to === undefined ? {} : { to: evmAddress(call.to) }),
        data: call.data,
        value: call.value,
        gasLimit: BigInt(call.gas),
      });
    });
  }

  /**
   * Runs a call as the transaction that it would be.
   * @throws Error where it can not be in a block at all, such as with less than its intrinsic gas.
   */
  async try(call: Call, at: Header, context: BlockContext): Promise<Trial> {
    return await this.#alone(async () => {
      const { state } = this.#machine;
      state.reset(at.stateRoot);
      const sender = evmAddress(call.from);
      const tx = createTx(
        {
          type: 2,
          nonce: state.account(sender.bytes)?.nonce ?? 0n,
          gasLimit: BigInt(call.gas),
          ...(call.to === undefined ? {} : { to: evmAddress(call.to) }),
          value: call.value,
          data: call.data,
        },
        { common: this.#chain.common, freeze: false },
      );
      tx.getSenderAddress = () => sender;
      const result = await this.#machine.run(tx, this.#machine.block(context), 0, true);
      return {
        outcome: result.execResult,
        gasUsed: Number(result.totalGasSpent),
        refund: Number(result.gasRefund),
      };
    });
  }

  async #alone<Result>(run: () => Promise<Result>): Promise<Result> {
    if (this.#waiting >= MOST_WAITING) throw new LedgerRejection(-32005, 'too many calls wait');
    this.#waiting += 1;
    const mine = this.#last.then(run).finally(() => (this.#waiting -= 1));
    this.#last = mine.catch(() => {});
    return await mine;
  }
}

function evmAddress(address: Address): EvmAddress {
  return new EvmAddress(hexToBytes(address));
}
