import { equalBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { createCommon } from '../chain/createCommon.ts';
import { decodeBlock, headerPart } from '../chain/Header.ts';
import { Machine } from '../chain/Machine.ts';
import { outcomeOf } from '../chain/outcomeOf.ts';
import { readTransaction } from '../chain/readTransaction.ts';
import { LedgerState } from '../state/LedgerState.ts';
import { StateSource } from '../state/StateSource.ts';
import type { LedgerDatabase } from '../store/LedgerDatabase.ts';
import { LedgerStore, type BlockWrite } from '../store/LedgerStore.ts';
import type { StoredReceipt } from '../store/StoredReceipt.ts';
import { EMPTY_ROOT } from '../trie/sealTrie.ts';

/** Options of `rebuildLedger`. */
export interface LedgerRebuilding {
  /** Open; nobody else writes to it. */
  readonly database: LedgerDatabase;
  /** EIP-155 chain id. */
  readonly chainId: number;
  readonly primitives: Primitives;
  /** Told how many of how many blocks were run. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Runs every block once more, and rebuilds what follows from the blocks and is lost or differs: receipts, states,
 * codes, indexes. Rows that do not lead to a block are removed from the indexes.
 *
 * @param rebuilding - Database and hashes.
 * @returns Number of rows written or removed. It ends before the first block that is lost, or that does not lead to the
 * state that its header names.
 */
export async function rebuildLedger(rebuilding: LedgerRebuilding): Promise<number> {
  const { database, chainId, primitives, onProgress } = rebuilding;
  const store = new LedgerStore(database);
  const common = createCommon(chainId, primitives);
  const hashOf = (number: number): Uint8Array => {
    const block = store.block(number);
    return block === undefined ? new Uint8Array(32) : primitives.keccak256(headerPart(block));
  };
  const last = store.headNumber() ?? -1;
  let rows = 0;
  let root = EMPTY_ROOT;
  const source = new StateSource(store, primitives);
  const machine = await Machine.create(new LedgerState(source, root), common, hashOf);
  for (let number = 0; number <= last; number++) {
    const block = store.block(number);
    const write = block && (await run(number, block));
    if (write === undefined) break;
    rows += await store.rewrite(write);
    onProgress?.(number + 1, last + 1);
  }
  return rows + (await store.dropAstray(last, hashOf));

  /** Runs a block on the state before it. */
  async function run(number: number, block: Uint8Array): Promise<BlockWrite | undefined> {
    const { header, transactions } = decodeBlock(block);
    machine.state.reset(root);
    const context = machine.block({ number, timestamp: header.timestamp });
    const receipts: StoredReceipt[] = [];
    let gasUsed = 0;
    for (const raw of transactions) {
      const transaction = readTransaction(raw, common);
      const result = await machine.run(transaction.tx, context, gasUsed);
      gasUsed += Number(result.totalGasSpent);
      receipts.push(outcomeOf(transaction, result, gasUsed));
    }
    const sealed = machine.state.seal();
    if (!equalBytes(sealed.root, header.stateRoot)) return undefined;
    root = sealed.root;
    return {
      number,
      hash: primitives.keccak256(headerPart(block)),
      block,
      transactions: receipts.map(({ hash }) => hash),
      receipts,
      nodes: sealed.nodes,
      codes: sealed.codes,
    };
  }
}
