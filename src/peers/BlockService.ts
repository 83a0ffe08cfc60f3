import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { LedgerRejection } from '../ledger/LedgerRejection.ts';

/** Path at which a node says which blocks its validator keeps, and passes on what proves blocks. Nobody signs these questions. */
export const BLOCKS_PATH = '/peer/v1/blocks';

/** The blocks that a validator keeps, and whether it offers snapshots. */
export interface BlocksKept {
  /** True if it removes no blocks. */
  readonly all: boolean;
  /** True if it makes snapshots of the state. */
  readonly snapshots: boolean;
}

/** The blocks of an organisation's validator, for the other organisations. */
export interface BlockService {
  kept(): Promise<BlocksKept>;
  /** The validator's ledger as it answers by itself. */
  readonly ledger: LedgerProvider;
}

/** Answers by which a newcomer verifies the state: signed headers, validators and limits of blocks. None of these has a transaction. */
const PROOFS: ReadonlySet<unknown> = new Set(['commit', 'validators', 'consensus_params']);
/** Calls by which another organisation verifies events. */
const READS: ReadonlySet<string> = new Set([
  'eth_chainId',
  'eth_getBlockByNumber',
  'medseal_chain',
  'medseal_consensus',
]);

/**
 * Lets another organisation read what a validator proves, and nothing else: it runs no calls there and sends nothing.
 *
 * @param ledger - The validator's ledger.
 * @returns It throws MedsealError `LEDGER_REJECTED` for other methods.
 */
export function readable(ledger: LedgerProvider): LedgerProvider {
  return {
    request: async (call) => {
      if (!READS.has(call.method)) throw new LedgerRejection(-32601, 'only blocks are read here');
      return await ledger.request(call);
    },
  };
}

/**
 * Lets anybody ask for what proves blocks: no transaction, no state.
 *
 * @param ledger - The validator's ledger.
 * @returns It throws MedsealError `LEDGER_REJECTED` for other methods.
 */
export function provable(ledger: LedgerProvider): LedgerProvider {
  return {
    request: async (call) => {
      const isProof = call.method === 'medseal_consensus' && PROOFS.has(call.params?.[0]);
      if (!isProof) throw new LedgerRejection(-32601, 'only proofs of blocks are given here');
      return await ledger.request(call);
    },
  };
}
