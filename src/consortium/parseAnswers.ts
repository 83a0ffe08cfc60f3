import { MedsealError } from '../errors/MedsealError.ts';
import { visibleText } from '../errors/visibleText.ts';
import { BLOCK_LIMITS } from '../protocol/network/ledgerBounds.ts';
import { bytesOfBase64, list, malformedAnswer, record, textIn, whole } from './answerFields.ts';
import type { TransactionResult } from './blockTransactions.ts';
import type { ConsensusHeader } from './LightBlock.ts';
import { parseHeader } from './parseLightBlock.ts';
import { parseStoreProof, type StoreProof } from './StoreProof.ts';

/** The most characters of an error message. */
const LONGEST = 200;
/** Headers that CometBFT gives at once. */
const MOST_HEADERS = 20;

/** Reads a block's transactions from the answer of CometBFT's method `block`. */
export function parseBlockTransactions(answer: unknown): readonly Uint8Array[] {
  const data = record(record(record(answer)['block'])['data']);
  return list(data['txs'] ?? [], BLOCK_LIMITS.transactions).map(bytesOfBase64);
}

/** Reads what a block's transactions did from the answer of CometBFT's method `block_results`. */
export function parseResults(answer: unknown): readonly TransactionResult[] {
  return list(record(answer)['txs_results'] ?? [], BLOCK_LIMITS.transactions).map((result) => {
    const found = record(result);
    return {
      code: whole(found['code']),
      data: bytesOfBase64(found['data'] ?? ''),
      gasWanted: whole(found['gas_wanted']),
      gasUsed: whole(found['gas_used']),
    };
  });
}

/** Reads headers from the answer of CometBFT's method `blockchain`: at least one, the latest first. */
export function parseHeaders(answer: unknown): readonly ConsensusHeader[] {
  const headers = list(record(answer)['block_metas'], MOST_HEADERS).map((meta) =>
    parseHeader(record(meta)['header']),
  );
  if (headers.length === 0) throw malformedAnswer();
  return headers;
}

/**
 * Reads the proofs from the answer of CometBFT's method `abci_query`: for the key in its store, and for the store in
 * the state.
 */
export function parseStoreAnswer(answer: unknown): readonly [StoreProof, StoreProof] {
  const response = record(record(answer)['response']);
  const code = whole(response['code'] ?? 0);
  if (code !== 0) {
    // It has no state of that height any more, for example.
    const reason = visibleText(textIn(response['log'] ?? '').slice(0, LONGEST));
    throw new MedsealError('LEDGER_REJECTED', { code, reason });
  }
  const { ops } = record(response['proofOps']);
  const [inStore, inState] = list(ops, 2);
  return [proofOf(inStore), proofOf(inState)];
}

function proofOf(op: unknown): StoreProof {
  return parseStoreProof(bytesOfBase64(record(op)['data']));
}
