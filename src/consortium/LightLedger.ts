import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../crypto/bytes.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { type Clock, seconds } from '../protocol/Clock.ts';
import { OLDEST_HEAD } from '../protocol/evidence/agreedNewest.ts';
import type { Address, Bytes32 } from '../protocol/ids.ts';
import { keepNewest } from '../crypto/keepNewest.ts';
import { answersOf } from './answersOf.ts';
import { blockHash, blockHasher } from './blockHash.ts';
import {
  blockTransactions,
  type BlockCommitment,
  type VerifiedTransaction,
} from './blockTransactions.ts';
import type { ConsensusSource } from './connectConsensus.ts';
import { fetchBlock } from './fetchBlock.ts';
import { followChain } from './followChain.ts';
import { forkOf, type ForkProof } from './forkOf.ts';
import { foundingTrust, type ConsortiumFounding } from './foundingTrust.ts';
import type { ConsensusHeader, LightBlock } from './LightBlock.ts';
import {
  parseBlockTransactions,
  parseHeaders,
  parseResults,
  parseStoreAnswer,
} from './parseAnswers.ts';
import { TRUST_PERIOD, type TrustedBlock, type VerifiedBlock } from './verifyBlock.ts';
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
  /** A block that was verified so long ago that nothing is trusted by it any more: the endpoint must show the same block. */
  readonly former?: TrustedBlock;
  /** Called with the proof if validators signed two blocks of one height, before `LEDGER_FORKED` is thrown; if it fails, that is the error's cause. */
  readonly onFork?: (proof: ForkProof) => Promise<void>;
}

/** Verified blocks that are kept. */
const KEPT = 256;
/** The store of the EVM's state, and the kinds of its keys: code by its hash, storage and the code's hash by contract. */
const EVM = 'evm';
const CODE = 0x01;
const STORAGE = 0x02;
const CODE_HASH = 0x04;
/** EIP-2935's contract: its storage has the hashes of as many blocks, the one of the state among them. */
const HISTORY: Address = '0x0000f90827f1c53a10cb7a02335b175320002935';
const HISTORY_BLOCKS = 8192;
/** A block whose header is the chain's. */
export interface VerifiedHeader {
  readonly hash: Bytes32;
  readonly header: ConsensusHeader;
}

/**
 * Reads a consortium's ledger from somebody who may lie: what it returns is signed by more than two thirds of the power
 * of the validators that follow from the network's founding.
 *
 * An endpoint can still withhold the newest three minutes.
 */
export class LightLedger {
  readonly #options: LightLedgerOptions;
  readonly #founding: TrustedBlock;
  readonly #verified = new Map<number, VerifiedBlock>();
  readonly #earlier = new Map<number, VerifiedHeader>();
  #newest: TrustedBlock;
  /** The block that was verified elsewhere or earlier, until it was compared with the endpoint's. */
  #uncompared: TrustedBlock | undefined;

  /** Nothing is asked before the first call. */
  constructor(options: LightLedgerOptions) {
    this.#options = options;
    this.#founding = foundingTrust(options.primitives, options.founding);
    this.#newest = options.trusted ?? this.#founding;
    this.#uncompared = options.former ?? options.trusted;
    const { chain } = this.#founding;
    const { former = this.#newest } = options;
    if (this.#newest.chain !== chain || former.chain !== chain)
      throw new MedsealError('LEDGER_OTHER', {});
  }

  /** The newest block that was verified, or the founding: worth keeping, since trust in it lasts 21 days. */
  get trusted(): TrustedBlock {
    return this.#newest;
  }

  /**
   * The newest block that the endpoint shows, verified; never an older one than before.
   *
   * @throws MedsealError `LEDGER_STALE` if it is over three minutes old, or older than one that is trusted already;
   * `LEDGER_FORKED` if validators signed another block of the height of one that is trusted; `LEDGER_UNPROVEN`,
   * `LEDGER_TRUST_OLD`, `LEDGER_UNREACHABLE`, `PEER_MALFORMED`, `LEDGER_REJECTED`.
   */
  async verifiedHead(): Promise<VerifiedBlock> {
    const block = await this.#fetch();
    const { height } = this.#newest;
    const { height: shown, time } = block.header;
    if (shown > height) {
      await this.#compare();
      return this.#fresh(await this.#verify(block));
    }
    const known =
      this.#verified.get(height) ?? (shown === height ? await this.#recognise(block) : undefined);
    if (known === undefined) throw stale(seconds(this.#options.clock) - time.seconds);
    const isFork = shown === height && block.commit.blockId.hash !== known.hash;
    if (isFork) throw await this.#otherBlock(this.#newest, block);
    return this.#fresh(known);
  }

  /**
   * The block of a height, verified by its validators' signatures.
   *
   * @param height - At least 1, and at most the head's.
   * @throws MedsealError as `verifiedHead`, but for `LEDGER_STALE`.
   */
  async verifiedBlock(height: number): Promise<VerifiedBlock> {
    const known = this.#verified.get(height);
    if (known !== undefined) return known;
    const block = await this.#fetch(height);
    return height === this.#newest.height
      ? await this.#recognise(block)
      : await this.#verify(block, height);
  }

  /**
   * The header of a height, verified: by its validators' signatures, or, if nothing before it is trusted any more, by
   * the hashes of earlier blocks that the state of later ones holds.
   *
   * @param height - At least 1, and at most the head's.
   * @throws MedsealError as `verifiedHead`.
   */
  async verifiedHeader(height: number): Promise<VerifiedHeader> {
    const known = this.#verified.get(height) ?? this.#earlier.get(height);
    if (known !== undefined) return known;
    const { time } = this.#nearest(height);
    const isTrusted = seconds(this.#options.clock) < time + TRUST_PERIOD;
    return isTrusted || height > this.#newest.height
      ? await this.verifiedBlock(height)
      : await this.#walkBack(height);
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
    const next = await (height === undefined
      ? this.verifiedHead()
      : this.verifiedHeader(height + 1));
    return await this.#storage(address, slot, next.header);
  }

  /**
   * A contract's code, verified; no bytes if it has no code.
   *
   * @param address - The contract.
   * @param height - As for `verifiedStorage`.
   * @throws MedsealError as `verifiedHead`.
   */
  async verifiedCode(address: Address, height?: number): Promise<Uint8Array> {
    const { header } = await (height === undefined
      ? this.verifiedHead()
      : this.verifiedHeader(height + 1));
    const under = concatBytes(Uint8Array.of(CODE_HASH), hexToBytes(address));
    const hash = await this.#stored(EVM, under, header);
    if (hash === null) return new Uint8Array();
    const code = await this.#stored(EVM, concatBytes(Uint8Array.of(CODE), hash), header);
    return code ?? new Uint8Array();
  }

  /**
   * All Ethereum transactions of a block with their logs, verified: none is missing, none is added.
   *
   * @param height - At least 1, and below the head's: the block after it commits to what its transactions did.
   * @throws MedsealError as `verifiedHead`.
   */
  async verifiedTransactions(height: number): Promise<readonly VerifiedTransaction[]> {
    const { header: next } = await this.verifiedHeader(height + 1);
    const { header } = await this.verifiedHeader(height);
    const { dataHash } = header;
    return await this.transactionsOf({ height, dataHash, resultsHash: next.lastResultsHash });
  }

  /**
   * All Ethereum transactions of a block whose headers were verified elsewhere.
   *
   * @param block - The hashes that the headers have of them.
   * @throws MedsealError `LEDGER_UNPROVEN`, `LEDGER_UNREACHABLE`, `PEER_MALFORMED`.
   */
  async transactionsOf(block: BlockCommitment): Promise<readonly VerifiedTransaction[]> {
    const { primitives, source } = this.#options;
    const asked = { height: String(block.height) };
    // Each is parsed as soon as it is there: one that is malformed does not wait in memory for the other.
    const [transactions, results] = await Promise.all([
      source.request('block', asked).then(parseBlockTransactions),
      source.request('block_results', asked).then(parseResults),
    ]);
    return blockTransactions(primitives, block, transactions, results);
  }

  /**
   * Verifies headers of the blocks right before one whose header is verified: each is named by the one after it.
   *
   * @param after - The verified header.
   * @param lowest - The lowest height that is wanted.
   * @param answer - The endpoint's answer, see `askHeaders`.
   * @returns All from the height below `after` to the lowest, the latest first.
   * @throws MedsealError `LEDGER_UNPROVEN`, `PEER_MALFORMED`.
   */
  headersBefore(
    after: ConsensusHeader,
    lowest: number,
    answer: unknown,
  ): readonly VerifiedHeader[] {
    let { height, lastBlockId: wanted } = after;
    const verified: VerifiedHeader[] = [];
    const hashOf = blockHasher(this.#options.primitives);
    for (const header of parseHeaders(answer)) {
      height -= 1;
      const hash = bytesToHex(hashOf(header));
      if (hash !== wanted.hash || header.height !== height) throw unprovenBlock(height);
      wanted = header.lastBlockId;
      verified.push({ hash, header });
    }
    // A node that removed its oldest blocks shows fewer.
    if (height !== lowest) throw unprovenBlock(Math.min(height - 1, lowest));
    return verified;
  }

  /** Asks the endpoint for headers, at most 20. Nothing of its answer is verified. */
  async askHeaders(lowest: number, highest: number): Promise<unknown> {
    const { source } = this.#options;
    const asked = { minHeight: String(lowest), maxHeight: String(highest) };
    return await source.request('blockchain', asked);
  }

  /** Goes from a later block to an earlier one by the hashes that the states in between hold. */
  async #walkBack(height: number): Promise<VerifiedHeader> {
    let from: VerifiedHeader | undefined;
    for (const block of [...this.#verified.values(), ...this.#earlier.values()]) {
      const { height: found } = block.header;
      if (found > height && found < (from?.header.height ?? Infinity)) from = block;
    }
    for (let at = from ?? (await this.verifiedHead()); ;) {
      const { height: above } = at.header;
      const next = Math.max(height, above - HISTORY_BLOCKS);
      const slot = BigInt(next % HISTORY_BLOCKS)
        .toString(16)
        .padStart(64, '0');
      const hash = await this.#storage(HISTORY, `0x${slot}`, at.header);
      const [header] = parseHeaders(await this.askHeaders(next, next));
      const found = header && bytesToHex(blockHash(this.#options.primitives, header));
      if (header?.height !== next || found !== hash) throw unprovenBlock(next);
      at = { hash, header };
      this.#earlier.set(next, at);
      keepNewest(this.#earlier, KEPT);
      if (next === height) return at;
    }
  }

  async #storage(address: Address, slot: Bytes32, next: ConsensusHeader): Promise<Bytes32> {
    const key = concatBytes(Uint8Array.of(STORAGE), hexToBytes(address), hexToBytes(slot));
    const value = (await this.#stored(EVM, key, next)) ?? new Uint8Array();
    const word = new Uint8Array(32);
    if (value.length > 32) throw unprovenState();
    word.set(value, 32 - value.length);
    return bytesToHex(word);
  }

  /** A value of a store of the state before a block, verified against its header; null if the key has no value. */
  async #stored(store: string, key: Uint8Array, next: ConsensusHeader): Promise<Uint8Array | null> {
    const { primitives, source } = this.#options;
    const answer = await source.request('abci_query', {
      path: `/store/${store}/key`,
      data: bytesToHex(key).slice(2),
      height: String(next.height - 1),
      prove: true,
    });
    const [inStore, inState] = parseStoreAnswer(answer);
    const root = verifyStoreProof(
      primitives,
      'simple',
      hexToBytes(next.appHash),
      utf8ToBytes(store),
      inState,
    );
    if (root === undefined || root === null) throw unprovenState();
    const value = verifyStoreProof(primitives, 'iavl', root, key, inStore);
    if (value === undefined) throw unprovenState();
    return value;
  }

  /** Refuses a head that is so old that the endpoint must hide newer ones, unless the ledger stands still. */
  #fresh(head: VerifiedBlock): VerifiedBlock {
    const age = seconds(this.#options.clock) - head.time;
    if (age > OLDEST_HEAD) throw stale(age);
    return head;
  }

  /** Compares the trusted block with the endpoint's, unless removed there: both can follow from what was trusted before. */
  async #compare(): Promise<void> {
    const trusted = this.#uncompared;
    if (trusted?.hash === undefined) return;
    try {
      const shown = await this.#fetch(trusted.height);
      if (shown.commit.blockId.hash !== trusted.hash) throw await this.#otherBlock(trusted, shown);
    } catch (error) {
      const isGone = isMedsealError(error, 'LEDGER_PRUNED') && error.values.lowest > trusted.height;
      if (!isGone) throw error;
    }
    this.#uncompared = undefined;
  }

  /** The error for another block than a trusted one of its height; proof is offered if validators signed both. */
  async #otherBlock(trusted: TrustedBlock, shown: LightBlock): Promise<MedsealError> {
    const { primitives, onFork } = this.#options;
    const { chain, height, signed } = trusted;
    const fork = signed && forkOf(primitives, chain, [signed, answersOf(shown)]);
    if (fork === undefined) return unprovenBlock(height);
    try {
      await onFork?.(fork);
    } catch (cause) {
      return new MedsealError('LEDGER_FORKED', { height }, { cause });
    }
    return new MedsealError('LEDGER_FORKED', { height });
  }

  async #fetch(height?: number): Promise<LightBlock> {
    return await fetchBlock(this.#options.source, height);
  }

  /** Knows the newest trusted block again, which was kept without its header: nothing else proves it, or needs to. */
  async #recognise(shown: LightBlock): Promise<VerifiedBlock> {
    const { header } = shown;
    const { height, hash } = this.#newest;
    const found = bytesToHex(blockHash(this.#options.primitives, header));
    if (hash !== found || header.height !== height)
      throw await this.#otherBlock(this.#newest, shown);
    const block = { ...this.#newest, hash, header };
    this.#verified.set(height, block);
    return block;
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
    if (last?.height !== height) throw unprovenBlock(height);
    for (const block of verified) {
      this.#verified.set(block.height, block);
      keepNewest(this.#verified, KEPT);
    }
    if (last.height > this.#newest.height) this.#newest = { ...last, signed: answersOf(target) };
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

function stale(age: number): MedsealError<'LEDGER_STALE'> {
  return new MedsealError('LEDGER_STALE', { age });
}

function unprovenBlock(height: number): MedsealError<'LEDGER_UNPROVEN'> {
  return new MedsealError('LEDGER_UNPROVEN', { what: `block ${height}` });
}
