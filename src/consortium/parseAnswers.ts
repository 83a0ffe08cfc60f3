import { bytesOfBase64, list, record, whole } from './answerFields.ts';
import type { TransactionResult } from './blockLogs.ts';
import { parseStoreProof, type StoreProof } from './StoreProof.ts';

/** Reads a block's transactions from the answer of CometBFT's method `block`. */
export function parseBlockTransactions(answer: unknown): readonly Uint8Array[] {
  const data = record(record(record(answer)['block'])['data']);
  return list(data['txs'] ?? []).map(bytesOfBase64);
}

/** Reads what a block's transactions did from the answer of CometBFT's method `block_results`. */
export function parseResults(answer: unknown): readonly TransactionResult[] {
  return list(record(answer)['txs_results'] ?? []).map((result) => {
    const found = record(result);
    return {
      code: whole(found['code']),
      data: bytesOfBase64(found['data'] ?? ''),
      gasWanted: whole(found['gas_wanted']),
      gasUsed: whole(found['gas_used']),
    };
  });
}

/**
 * Reads the proofs from the answer of CometBFT's method `abci_query`: for the key in its store, and for the store in
 * the state.
 */
export function parseStoreAnswer(answer: unknown): readonly [StoreProof, StoreProof] {
  const { ops } = record(record(record(answer)['response'])['proofOps']);
  const [inStore, inState] = list(ops);
  return [proofOf(inStore), proofOf(inState)];
}

function proofOf(op: unknown): StoreProof {
  return parseStoreProof(bytesOfBase64(record(op)['data']));
}
