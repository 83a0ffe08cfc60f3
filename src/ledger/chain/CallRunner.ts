import type { ExecResult } from '@ethereumjs/evm';
import { createTx } from '@ethereumjs/tx';
import { Address as EvmAddress } from '@ethereumjs/util';
import { hexToBytes } from '../../crypto/bytes.ts';
import type { Address } from '../../protocol/ids.ts';
import type { Chain } from './Chain.ts';
import type { Header } from './Header.ts';
import { LedgerRejection } from '../LedgerRejection.ts';
import { FairTurns, type Turn } from './FairTurns.ts';
import { MOST_LANES } from './limits.ts';
import { Machine, type BlockContext } from './Machine.ts';

/** Calls that wait for one of those to end that run. */
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

/** Result of a call that was tried as a transaction. */
export interface Trial {
  readonly outcome: ExecResult;
  readonly gasUsed: number;
  /** Gas given back at the end, which must be there before. */
  readonly refund: number;
}

/** An EVM that runs one call after the other. */
interface Lane {
  readonly machine: Machine;
  readonly turn: Turn;
}

/**
 * Runs calls that change nothing, each on an EVM of its own beside the one that makes blocks. They share the process in
 * slices: everything else takes its turn in between, and a short call does not wait for a long one.
 */
export class CallRunner {
  readonly #chain: Chain;
  readonly #turns = new FairTurns();
  readonly #idle: Lane[] = [];
  readonly #waiting: ((lane: Lane) => void)[] = [];
  #lanes = 0;

  constructor(chain: Chain) {
    this.#chain = chain;
  }

  /**
   * Runs a call as a message: any sender, no intrinsic gas.
   * @param at - Whose state it runs on.
   * @param context - The block that it sees.
   * @throws LedgerRejection -32005 if too many calls wait.
   */
  async call(call: Call, at: Header, context: BlockContext): Promise<ExecResult> {
    return await this.#run(async (machine) => {
      machine.state.reset(at.stateRoot);
      return await machine.call({
        block: machine.block(context),
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
   * @throws LedgerRejection -32005 if too many calls wait. Error if it cannot be in a block at all, such as with less
   * than its intrinsic gas.
   */
  async try(call: Call, at: Header, context: BlockContext): Promise<Trial> {
    return await this.#run(async (machine) => {
      const { state } = machine;
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
      const result = await machine.run(tx, machine.block(context), 0, true);
      return {
        outcome: result.execResult,
        gasUsed: Number(result.totalGasSpent),
        refund: Number(result.gasRefund),
      };
    });
  }

  /** Runs something in a lane that nothing else runs in. */
  async #run<Result>(work: (machine: Machine) => Promise<Result>): Promise<Result> {
    const lane = await this.#enter();
    try {
      await lane.turn.begin();
      return await work(lane.machine);
    } finally {
      lane.turn.end();
      const next = this.#waiting.shift();
      if (next === undefined) this.#idle.push(lane);
      else next(lane);
    }
  }

  async #enter(): Promise<Lane> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#lanes < MOST_LANES) {
      this.#lanes += 1;
      return await this.#open();
    }
    if (this.#waiting.length >= MOST_WAITING) {
      throw new LedgerRejection(-32005, 'too many calls wait');
    }
    return await new Promise((resolve) => this.#waiting.push(resolve));
  }

  async #open(): Promise<Lane> {
    const turn = this.#turns.turn();
    const state = this.#chain.stateAt(this.#chain.head.header);
    const hashOf = (number: number): Uint8Array => this.#chain.hashOf(number);
    return { turn, machine: await Machine.create(state, this.#chain.common, hashOf, turn) };
  }
}

function evmAddress(address: Address): EvmAddress {
  return new EvmAddress(hexToBytes(address));
}
