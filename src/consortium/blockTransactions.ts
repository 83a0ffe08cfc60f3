import { bytesToHex, bytesToUtf8, equalBytes, hexToBytes } from '../crypto/bytes.ts';
import { leafHash } from '../crypto/merkle/leafHash.ts';
import { rootOf } from '../crypto/merkle/rootOf.ts';
import type { Sha256 } from '../crypto/merkle/Sha256.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Address, Bytes32, Hex } from '../protocol/ids.ts';
import { allOf, bytesOf, decodeProto } from './decodeProto.ts';
import { encodeProto } from './encodeProto.ts';
import type { ConsensusHeader } from './LightBlock.ts';

/** A transaction's result: the part of its result that validators agree on. */
export interface TransactionResult {
  readonly code: number;
  /** Answers of the transaction's messages, in protobuf. */
  readonly data: Uint8Array;
  readonly gasWanted: number;
  readonly gasUsed: number;
}

/** A log that a contract wrote. */
export interface VerifiedLog {
  readonly address: Address;
  readonly topics: readonly Bytes32[];
  readonly data: Hex;
  readonly transactionHash: Bytes32;
  readonly blockNumber: number;
  /** Place among the block's logs. */
  readonly logIndex: number;
}

/** An Ethereum transaction of a block, with what it did. */
export interface VerifiedTransaction {
  readonly hash: Bytes32;
  /** False if it was undone. */
  readonly succeeded: boolean;
  readonly logs: readonly VerifiedLog[];
  /** The block's own transaction that carried it. */
  readonly carrier: Uint8Array;
}

/** The parts of two headers that commit to a block's transactions and to what they did. */
export interface BlockCommitment extends Pick<ConsensusHeader, 'height' | 'dataHash'> {
  /** `lastResultsHash` of the header after it. */
  readonly resultsHash: Hex;
}

/** A message's answer that is an Ethereum transaction's. */
const ETHEREUM = '/cosmos.evm.vm.v1.MsgEthereumTxResponse';

/**
 * All Ethereum transactions of a block that ran, in order, with their logs; one that the ledger's gate refused did
 * nothing and is left out.
 *
 * @param primitives - SHA-256.
 * @param block - The verified headers' hashes.
 * @param transactions - The block's transactions, as somebody says.
 * @param results - Their results, as somebody says.
 * @throws MedsealError `LEDGER_UNPROVEN` if transactions or results are others.
 */
export function blockTransactions(
  primitives: Sha256,
  block: BlockCommitment,
  transactions: readonly Uint8Array[],
  results: readonly TransactionResult[],
): readonly VerifiedTransaction[] {
  const hashes = transactions.map((bytes) => primitives.sha256(bytes));
  requireRoot(primitives, hashes, block.dataHash, 'transactions');
  const outcomes = results.map(({ code, data, gasWanted, gasUsed }) =>
    encodeProto([
      [1, 'varint', code],
      [2, 'bytes', data],
      [5, 'varint', gasWanted],
      [6, 'varint', gasUsed],
    ]),
  );
  requireRoot(primitives, outcomes, block.resultsHash, 'results of transactions');
  if (results.length !== transactions.length) {
    throw new MedsealError('LEDGER_UNPROVEN', { what: 'results of transactions' });
  }
  const answers = transactions.flatMap((carrier, place) => {
    const { code, data } = results[place] ?? { code: -1, data: new Uint8Array() };
    if (code !== 0) return [];
    return allOf(decodeProto(data), 2)
      .flatMap(answerOf)
      .map((answer) => ({ ...answer, carrier }));
  });
  let logIndex = 0;
  return answers.map(({ hash, succeeded, logs, carrier }) => ({
    hash,
    succeeded,
    carrier,
    logs: logs.map((log) => ({
      ...log,
      transactionHash: hash,
      blockNumber: block.height,
      logIndex: logIndex++,
    })),
  }));
}

function requireRoot(
  primitives: Sha256,
  entries: readonly Uint8Array[],
  root: Hex,
  what: string,
): void {
  const leaves = entries.map((entry) => leafHash(primitives, entry));
  if (!equalBytes(rootOf(primitives, leaves), hexToBytes(root))) {
    throw new MedsealError('LEDGER_UNPROVEN', { what });
  }
}

interface Answer extends Pick<VerifiedTransaction, 'hash' | 'succeeded'> {
  readonly logs: readonly Pick<VerifiedLog, 'address' | 'topics' | 'data'>[];
}

function answerOf(bytes: Uint8Array): readonly Answer[] {
  const any = decodeProto(bytes);
  if (bytesToUtf8(bytesOf(any, 1)) !== ETHEREUM) return [];
  const answer = decodeProto(bytesOf(any, 2));
  const hash = hexText(bytesOf(answer, 1));
  // The logs of a failed transaction were undone.
  if (bytesOf(answer, 4).length > 0) return [{ hash, succeeded: false, logs: [] }];
  const logs = allOf(answer, 2).map((log) => {
    const message = decodeProto(log);
    return {
      address: hexText(bytesOf(message, 1)),
      topics: allOf(message, 2).map(hexText),
      data: bytesToHex(bytesOf(message, 3)),
    };
  });
  return [{ hash, succeeded: true, logs }];
}

/** Addresses and hashes stand in answers as text. */
function hexText(bytes: Uint8Array): Hex {
  return bytesToHex(hexToBytes(bytesToUtf8(bytes)));
}
