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

/** A message's answer that is an Ethereum transaction's. */
const ETHEREUM = '/cosmos.evm.vm.v1.MsgEthereumTxResponse';

/**
 * All logs of a block, in order, from results that are verified against the header after it.
 *
 * @param primitives - SHA-256.
 * @param header - The block's header, verified.
 * @param next - The header after it, verified: it commits to the results.
 * @param transactions - The block's transactions, as somebody says.
 * @param results - Their results, as somebody says.
 * @throws MedsealError `LEDGER_UNPROVEN` if transactions or results are others.
 */
export function blockLogs(
  primitives: Sha256,
  header: ConsensusHeader,
  next: ConsensusHeader,
  transactions: readonly Uint8Array[],
  results: readonly TransactionResult[],
): readonly VerifiedLog[] {
  const hashes = transactions.map((bytes) => primitives.sha256(bytes));
  requireRoot(primitives, hashes, header.dataHash, 'transactions');
  const outcomes = results.map(({ code, data, gasWanted, gasUsed }) =>
    encodeProto([
      [1, 'varint', code],
      [2, 'bytes', data],
      [5, 'varint', gasWanted],
      [6, 'varint', gasUsed],
    ]),
  );
  requireRoot(primitives, outcomes, next.lastResultsHash, 'results of transactions');
  if (next.height !== header.height + 1 || results.length !== transactions.length) {
    throw new MedsealError('LEDGER_UNPROVEN', { what: 'results of transactions' });
  }
  return results
    .filter(({ code }) => code === 0)
    .flatMap(({ data }) => allOf(decodeProto(data), 2).flatMap(logsOfAnswer))
    .map((log, logIndex) => ({ ...log, blockNumber: header.height, logIndex }));
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

function logsOfAnswer(bytes: Uint8Array): readonly Omit<VerifiedLog, 'blockNumber' | 'logIndex'>[] {
  const any = decodeProto(bytes);
  if (bytesToUtf8(bytesOf(any, 1)) !== ETHEREUM) return [];
  const answer = decodeProto(bytesOf(any, 2));
  // The logs of a failed transaction were undone.
  if (bytesOf(answer, 4).length > 0) return [];
  const transactionHash = hexText(bytesOf(answer, 1));
  return allOf(answer, 2).map((log) => {
    const message = decodeProto(log);
    return {
      address: hexText(bytesOf(message, 1)),
      topics: allOf(message, 2).map(hexText),
      data: bytesToHex(bytesOf(message, 3)),
      transactionHash,
    };
  });
}

/** Addresses and hashes stand in answers as text. */
function hexText(bytes: Uint8Array): Hex {
  return bytesToHex(hexToBytes(bytesToUtf8(bytes)));
}
