import { quantityIn } from '../bindings/quantityIn.ts';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../crypto/bytes.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { canonicalJson } from '../protocol/canonicalJson.ts';
import { type Clock, seconds } from '../protocol/Clock.ts';
import type { Address, Bytes32 } from '../protocol/ids.ts';
import { keepNewest } from '../protocol/keepNewest.ts';
import { list, record } from './answerFields.ts';
import { blockLogs, type VerifiedLog } from './blockLogs.ts';
import type { ConsensusSource } from './connectConsensus.ts';
import { followChain } from './followChain.ts';
import { foundingTrust, type ConsortiumFounding } from './foundingTrust.ts';
import type { LightBlock } from './LightBlock.ts';
import { parseBlockTransactions, parseResults, parseStoreAnswer } from './parseAnswers.ts';
import { parseLightBlock } from './parseLightBlock.ts';
import type { TrustedBlock, VerifiedBlock } from './verifyBlock.ts';
import { verifyStoreProof } from './verifyStoreProof.ts';

/** Options of a `LightLedger`. */
export interface LightLedgerOptions {
  readonly primitives: Primitives;
  readonly clock: Pick<Clock, 'now'>;
  /** The endpoint that answers; it may lie. */
  readonly source: ConsensusSource;
  readonly founding: ConsortiumFounding;
  /** A block that was verified earlier; needed if the founding is over 21 days past. */
  readonly trusted?: TrustedBlock;
}

/** Verified blocks that are kept. */
const KEPT = 256;
/** The most validators that a page of CometBFT's answer has, and the most pages that are read. */
const PAGE = 100;
const MOST_PAGES = 10;
/** The store of the EVM's state, and the kind of key under which a contract's storage stands. */
const EVM = 'evm';
const STORAGE = 0x02;

/**
 * Reads a consortium's ledger from somebody who may lie: what it returns is signed by more than two thirds of the power
 * of the validators that follow from the network's founding.
 *
 * An endpoint can still withhold what is new, and show an older head: compare the head's `time` with a clock.
 */
export class LightLedger {
  readonly #options: LightLedgerOptions;
  readonly #founding: TrustedBlock;
  readonly #verified = new Map<number, VerifiedBlock>();
  #newest: TrustedBlock;

  /** Nothing is asked before the first call. */
  constructor(options: LightLedgerOptions) {
    this.#options = options;
    this.#founding = foundingTrust(options.primitives, options.founding);
    this.#newest = options.trusted ?? this.#founding;
    if (this.#newest.chain !== this.#founding.chain) throw new MedsealError('LEDGER_OTHER', {});
  }

  /** The newest block that was verified, or the founding: worth keeping, since trust in it lasts 21 days. */
  get trusted(): TrustedBlock {
    return this.#newest;
  }

  /**
   * The newest block that the endpoint shows, verified; never an older one than before.
   *
   * @throws MedsealError `LEDGER_UNPROVEN`, `LEDGER_TRUST_OLD`, `LEDGER_UNREACHABLE`, `PEER_MALFORMED`.
   */
  async verifiedHead(): Promise<VerifiedBlock> {
    const block = await this.#fetch();
    const newest = this.#verified.get(this.#newest.height);
    if (newest !== undefined && block.header.height <= newest.height) {
      const isFork =
        block.header.height === newest.height && block.commit.blockId.hash !== newest.hash;
      if (isFork) throw new MedsealError('LEDGER_UNPROVEN', { what: `block ${newest.height}` });
      return newest;
    }
    return await this.#verify(block);
  }

  /**
   * The block of a height, verified.
   *
   * @param height - At least 1, and at most the head's.
   * @throws MedsealError as `verifiedHead`.
   */
  async verifiedBlock(height: number): Promise<VerifiedBlock> {
    return this.#verified.get(height) ?? (await this.#verify(await this.#fetch(height), height));
  }

  /**
   * A word of a contract's storage, verified; zeros if the contract never wrote it.
   *
   * @param address - The contract.
   * @param slot - The word's place.
   * @param height - The block after which it is read; the newest of which the state can be proven if absent.
   * @throws MedsealError as `verifiedHead`.
   */
  async verifiedStorage(address: Address, slot: Bytes32, height?: number): Promise<Bytes32> {
    const key = concatBytes(Uint8Array.of(STORAGE), hexToBytes(address), hexToBytes(slot));
    const value = (await this.#stored(EVM, key, height)) ?? new Uint8Array();
    const word = new Uint8Array(32);
    if (value.length > 32) throw new MedsealError('LEDGER_UNPROVEN', { what: 'the state' });
    word.set(value, 32 - value.length);
    return bytesToHex(word);
  }

  /**
   * All logs of a block, verified: none is missing, none is added.
   *
   * @param height - At least 1, and below the head's: the block after it commits to what its transactions did.
   * @throws MedsealError as `verifiedHead`.
   */
  async verifiedLogs(height: number): Promise<readonly VerifiedLog[]> {
    const { primitives, source } = this.#options;
    const next = await this.verifiedBlock(height + 1);
    const { header } = await this.verifiedBlock(height);
    const asked = { height: String(height) };
    const transactions = parseBlockTransactions(await source.request('block', asked));
    const results = parseResults(await source.request('block_results', asked));
    return blockLogs(primitives, header, next.header, transactions, results);
  }

  /**
   * Verifies a receipt as `eth_getTransactionReceipt` shows it: it is of the block that it names, and its logs are all
   * that its transaction wrote. That a transaction without logs took place is not shown by it.
   *
   * @param receipt - The endpoint's answer, or any other's.
   * @throws MedsealError as `verifiedLogs`; `LEDGER_UNPROVEN` if the receipt says something else.
   */
  async verifyReceipt(receipt: unknown): Promise<void> {
    const { blockNumber, blockHash, transactionHash, logs } = record(receipt);
    const height = quantityIn(blockNumber, 'ledger answer');
    const proven = (await this.verifiedLogs(height)).filter(
      (log) => log.transactionHash === transactionHash,
    );
    const shown = list(logs).map((log) => {
      const found = record(log);
      return {
        address: found['address'],
        topics: found['topics'],
        data: found['data'],
        transactionHash: found['transactionHash'],
        blockNumber: quantityIn(found['blockNumber'], 'ledger answer'),
        logIndex: quantityIn(found['logIndex'], 'ledger answer'),
      };
    });
    const { hash } = await this.verifiedBlock(height);
    if (hash !== blockHash || canonicalJson(shown) !== canonicalJson(proven)) {
      throw new MedsealError('LEDGER_UNPROVEN', { what: 'a receipt' });
    }
  }

  /** A value of a store of the state after a block, verified against the block after it; null if the key has no value. */
  async #stored(store: string, key: Uint8Array, height?: number): Promise<Uint8Array | null> {
    const { primitives, source } = this.#options;
    const next = await (height === undefined
      ? this.verifiedHead()
      : this.verifiedBlock(height + 1));
    const answer = await source.request('abci_query', {
      path: `store/${store}/key`,
      data: bytesToHex(key).slice(2),
      height: String(next.height - 1),
      prove: true,
    });
    const [inStore, inState] = parseStoreAnswer(answer);
    const root = verifyStoreProof(
      primitives,
      'simple',
      hexToBytes(next.header.appHash),
      utf8ToBytes(store),
      inState,
    );
    if (root === undefined || root === null) throw unprovenState();
    const value = verifyStoreProof(primitives, 'iavl', root, key, inStore);
    if (value === undefined) throw unprovenState();
    return value;
  }

  async #fetch(height?: number): Promise<LightBlock> {
    const { source } = this.#options;
    const asked = height === undefined ? {} : { height: String(height) };
    const commit = await source.request('commit', asked);
    const validators: unknown[] = [];
    const { header } = parseLightBlock(commit, { validators });
    for (let page = 1; page <= MOST_PAGES; page++) {
      const answer = await source.request('validators', {
        height: String(header.height),
        page: String(page),
        per_page: String(PAGE),
      });
      const found = list(record(answer)['validators']);
      validators.push(...found);
      if (found.length < PAGE) break;
    }
    return parseLightBlock(commit, { validators });
  }

  async #verify(target: LightBlock, height = target.header.height): Promise<VerifiedBlock> {
    const { primitives, clock } = this.#options;
    const verified = await followChain(
      primitives,
      this.#nearest(height),
      target,
      async (between) => await this.#fetch(between),
      seconds(clock),
    );
    const last = verified.at(-1);
    if (last?.height !== height) {
      throw new MedsealError('LEDGER_UNPROVEN', { what: `block ${height}` });
    }
    for (const block of verified) {
      this.#verified.set(block.height, block);
      keepNewest(this.#verified, KEPT);
    }
    if (last.height > this.#newest.height) this.#newest = last;
    return last;
  }

  /** The nearest block below a height that is trusted. */
  #nearest(height: number): TrustedBlock {
    let best = this.#founding;
    for (const block of [this.#newest, ...this.#verified.values()]) {
      if (block.height < height && block.height > best.height) best = block;
    }
    return best;
  }
}

function unprovenState(): MedsealError<'LEDGER_UNPROVEN'> {
  return new MedsealError('LEDGER_UNPROVEN', { what: 'the state' });
}
