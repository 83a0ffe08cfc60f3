import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { bigEndian } from '../store/keys.ts';
import type { Keccak } from '../trie/Keccak.ts';
import { EMPTY_ROOT } from '../trie/sealTrie.ts';
import { encodeHeader, type Header } from './Header.ts';
import { GAS_LIMIT } from './limits.ts';

/** Content of block 0. */
export interface Genesis {
  /** Seconds since 1970. */
  readonly timestamp: number;
  /** Whose transactions the ledger takes; lower case. */
  readonly senders: readonly Address[];
}

/**
 * Block 0: an empty state. Its extra data commits to the chain id and to the senders, so that ledgers made from
 * anything else have another hash.
 *
 * @param chainId - EIP-155 chain id.
 */
export function genesisHeader(
  chainId: number,
  { timestamp, senders }: Genesis,
  hashes: Keccak,
): Header {
  const made = concatBytes(
    utf8ToBytes('medseal-ledger/1'),
    bigEndian(chainId, 8),
    ...[...new Set(senders.map((sender) => sender.toLowerCase()))].toSorted().map(hexToBytes),
  );
  return {
    number: 0,
    parentHash: new Uint8Array(32),
    stateRoot: EMPTY_ROOT,
    transactionsRoot: EMPTY_ROOT,
    receiptsRoot: EMPTY_ROOT,
    logsBloom: new Uint8Array(256),
    gasLimit: GAS_LIMIT,
    gasUsed: 0,
    timestamp,
    extraData: hashes.keccak256(made),
  };
}

/**
 * Hash of block 0.
 *
 * @param chainId - EIP-155 chain id.
 */
export function genesisHashOf(chainId: number, genesis: Genesis, hashes: Keccak): Bytes32 {
  return bytesToHex(hashes.keccak256(encodeHeader(genesisHeader(chainId, genesis, hashes))));
}
