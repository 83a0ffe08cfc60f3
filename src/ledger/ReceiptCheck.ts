import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { bytesToHex, concatBytes, hexToBytes } from '../crypto/bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import { HEADER_FIELDS } from './chain/Header.ts';
import { isRpcError } from './isRpcError.ts';
import type { Keccak } from './trie/Keccak.ts';
import { orderedRoot } from './trie/orderedRoot.ts';
import { rlpBytes, rlpList, rlpNumber } from './trie/rlp.ts';
import { keepNewest } from '../crypto/keepNewest.ts';

/** Blocks whose receipts are kept, so that a block's transactions cost one check. */
const KEPT = 8;

/**
 * Holds a ledger that is not trusted to what it says elsewhere: a receipt must be of the block that it names, and on
 * networks with Ethereum's headers it must be under the receipts root that the block's hash commits to. That the block
 * is the network's is for the network's consensus to show.
 */
export class ReceiptCheck {
  readonly #provider: LedgerProvider;
  readonly #hashes: Keccak;
  /** True if a block's hash is that of its header, as block 0 showed. */
  readonly #committed: boolean;
  readonly #blocks = new Map<string, Promise<ReadonlyMap<string, string>>>();

  /**
   * @param provider - The ledger.
   * @param hashes - Hashes.
   * @param genesis - Block 0 as it shows it, with a hash that is a text.
   */
  constructor(provider: LedgerProvider, hashes: Keccak, genesis: { readonly hash: string }) {
    this.#provider = provider;
    this.#hashes = hashes;
    this.#committed = headerHash(genesis, hashes) === lower(genesis.hash);
  }

  /**
   * @param receipt - The ledger's answer; null if there is no receipt.
   * @returns The receipt.
   * @throws MedsealError `PEER_MALFORMED` if it does not fit what else the ledger says.
   */
  async check(receipt: unknown): Promise<unknown> {
    if (receipt === null) return null;
    if (typeof receipt !== 'object') throw lie();
    const { blockHash, transactionHash } = receipt as Json;
    const key = lower(blockHash);
    let block = this.#blocks.get(key);
    if (block === undefined) {
      block = this.#receiptsOf(receipt as Json);
      this.#blocks.set(key, block);
      block.catch(() => this.#blocks.delete(key));
      keepNewest(this.#blocks, KEPT);
    }
    const confirmed = (await block).get(lower(transactionHash));
    if (confirmed === undefined) throw lie();
    if (confirmed !== '' && confirmed !== this.#encode(receipt as Json)) throw lie();
    return receipt;
  }

  /** A block's receipts by transaction, encoded; empty if only their places can be confirmed. */
  async #receiptsOf({ blockHash, blockNumber }: Json): Promise<ReadonlyMap<string, string>> {
    const block = (await this.#call('eth_getBlockByNumber', blockNumber, false)) as Json | null;
    if (block === null || typeof block !== 'object' || lower(block['hash']) !== lower(blockHash))
      throw lie();
    const { transactions } = block;
    if (!Array.isArray(transactions)) throw lie();
    const receipts = this.#committed ? await this.#allReceipts(blockNumber) : undefined;
    if (receipts === undefined) return new Map(transactions.map((hash) => [lower(hash), '']));
    if (headerHash(block, this.#hashes) !== lower(blockHash)) throw lie();
    const encoded = receipts.map((receipt) => this.#encode(receipt));
    if (bytesToHex(orderedRoot(encoded.map(hexToBytes), this.#hashes)) !== block['receiptsRoot']) {
      throw lie();
    }
    return new Map(transactions.map((hash, index) => [lower(hash), encoded[index] ?? 'none']));
  }

  async #allReceipts(blockNumber: unknown): Promise<Json[] | undefined> {
    try {
      const receipts = await this.#call('eth_getBlockReceipts', blockNumber);
      if (!Array.isArray(receipts)) throw lie();
      return receipts as Json[];
    } catch (error) {
      if (isRpcError(error, [-32601])) return undefined;
      throw error;
    }
  }

  /** A receipt as the receipts root commits to it (EIP-2718, EIP-658). */
  #encode(receipt: Json): string {
    try {
      const { type = '0x0', status, cumulativeGasUsed, logsBloom, logs } = receipt;
      const body = rlpList([
        rlpNumber(BigInt(String(status))),
        rlpNumber(BigInt(String(cumulativeGasUsed))),
        bytes(logsBloom),
        rlpList(
          (logs as Json[]).map(({ address, topics, data }) =>
            rlpList([bytes(address), rlpList((topics as unknown[]).map(bytes)), bytes(data)]),
          ),
        ),
      ]);
      const kind = Number(type);
      return bytesToHex(kind === 0 ? body : concatBytes(Uint8Array.of(kind), body));
    } catch {
      throw lie();
    }
  }

  async #call(method: string, ...params: readonly unknown[]): Promise<unknown> {
    return await this.#provider.request({ method, params });
  }
}

type Json = Record<string, unknown>;

function bytes(hex: unknown): Uint8Array {
  return rlpBytes(hexToBytes(String(hex)));
}

function lower(hash: unknown): string {
  if (typeof hash !== 'string') throw lie();
  return hash.toLowerCase();
}

function lie(): MedsealError {
  return new MedsealError('PEER_MALFORMED', { what: 'receipt' });
}

/**
 * The hash that a block's header has (Yellow Paper §4.4, and the EIPs up to 7685).
 *
 * @param block - As JSON-RPC shows it; it may be malformed.
 * @returns Undefined if a field is missing or malformed, as on networks with other headers.
 */
function headerHash(block: unknown, hashes: Keccak): Bytes32 | undefined {
  const fields = (block ?? {}) as Record<string, unknown>;
  try {
    const items = HEADER_FIELDS.map(([name, kind]) => {
      const value = String(fields[name]);
      return kind === 'data' ? rlpBytes(hexToBytes(value)) : rlpNumber(BigInt(value));
    });
    return bytesToHex(hashes.keccak256(rlpList(items)));
  } catch {
    return undefined;
  }
}
