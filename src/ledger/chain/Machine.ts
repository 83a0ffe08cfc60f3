import { createBlock, type Block } from '@ethereumjs/block';
import type { Common, StateManagerInterface } from '@ethereumjs/common';
import { createEVM, type EVM, type EVMRunCallOpts, type ExecResult } from '@ethereumjs/evm';
import type { TypedTransaction } from '@ethereumjs/tx';
import { createVM, runTx, type RunTxResult, type VM } from '@ethereumjs/vm';
import type { LedgerState } from '../state/LedgerState.ts';
import { cacheJumpAnalysis } from './cacheJumpAnalysis.ts';
import { GAS_LIMIT } from './limits.ts';
import { refusePrecompiles } from './refusePrecompiles.ts';
import type { Slices } from './Slices.ts';
import { sliceSteps } from './sliceSteps.ts';

/** The block as a transaction that runs in it sees it. */
export interface BlockContext {
  readonly number: number;
  readonly timestamp: number;
}

/** The EVM over one state; it runs one thing at a time. */
export class Machine<State extends StateManagerInterface = LedgerState> {
  readonly state: State;
  readonly #common: Common;
  readonly #vm: VM;
  readonly #evm: EVM;

  private constructor(state: State, common: Common, vm: VM, evm: EVM) {
    this.state = state;
    this.#common = common;
    this.#vm = vm;
    this.#evm = evm;
  }

  /**
   * @param hashOf - A block's hash by its number, for BLOCKHASH.
   * @param slices - Cuts what it runs, so that everything else takes its turn meanwhile; not cut if absent.
   */
  static async create<State extends StateManagerInterface>(
    state: State,
    common: Common,
    hashOf: (number: number) => Uint8Array,
    slices?: Slices,
  ): Promise<Machine<State>> {
    await cacheJumpAnalysis();
    const blockchain = {
      getBlock: async (number: number) => ({ hash: () => hashOf(number) }),
      putBlock: async () => {},
      shallowCopy: () => blockchain,
    };
    const customPrecompiles = refusePrecompiles(common);
    const evm = await createEVM({ common, stateManager: state, blockchain, customPrecompiles });
    if (slices !== undefined) await sliceSteps(evm, slices);
    const vm = await createVM({ common, stateManager: state, blockchain, evm });
    return new Machine(state, common, vm, evm);
  }

  /** The block that transactions run in, as the EVM wants it. */
  block({ number, timestamp }: BlockContext): Block {
    return createBlock(
      { header: { number, timestamp, gasLimit: GAS_LIMIT, baseFeePerGas: 0n } },
      { common: this.#common, skipConsensusFormatValidation: true },
    );
  }

  /**
   * Runs a transaction whole: nonce, intrinsic gas, execution, refund.
   * @param gasUsed - Gas used by the transactions before it in the block.
   * @param trial - True if it is only tried: any nonce, any balance.
   * @throws Error if the transaction cannot be in the block at all.
   */
  async run(
    tx: TypedTransaction,
    block: Block,
    gasUsed: number,
    trial = false,
  ): Promise<RunTxResult> {
    return await runTx(this.#vm, {
      tx,
      block,
      blockGasUsed: BigInt(gasUsed),
      skipHardForkValidation: true,
      skipBlockGasLimitValidation: trial,
      skipBalance: trial,
      skipNonce: trial,
    });
  }

  /** Runs a message without a transaction around it: any sender, no intrinsic gas. */
  async call(options: EVMRunCallOpts): Promise<ExecResult> {
    // Slots and accounts that an earlier call touched are cold again.
    this.#evm.journal.cleanJournal();
    const { execResult } = await this.#evm.runCall({ ...options, skipBalance: true });
    return execResult;
  }
}
