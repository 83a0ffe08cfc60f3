import { bytesToHex } from '../crypto/bytes.ts';
import { rootOf } from '../crypto/merkle/rootOf.ts';
import type { Sha256 } from '../crypto/merkle/Sha256.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Bytes32, Hex } from '../protocol/ids.ts';
import { MOST_LOGS } from '../protocol/network/ledgerBounds.ts';
import type { BlockCommitment, VerifiedLog } from './blockTransactions.ts';
import type { LightLedger, VerifiedHeader } from './LightLedger.ts';

/** Headers that CometBFT gives at once, and how many such answers are waited for together. */
const PAGE = 20;
const PAGES = 8;
/** Blocks that are read together. */
const BLOCKS = 8;
/** Blocks at most that are read by themselves, if as many headers lie between them and the others. */
const FEW = 2;
const NEAR = 160;
/** Logs that are kept, unless one block alone has more. */
const KEPT = MOST_LOGS;

/** A log, with the hash of its block. */
export interface PlacedLog extends VerifiedLog {
  readonly blockHash: Bytes32;
}

interface BusyBlock extends BlockCommitment {
  readonly hash: Bytes32;
}

/**
 * All logs of ranges of blocks, none missing: the headers of the range are read one by one, each named by the next, and
 * tell which blocks have transactions. Headers that were verified are not read again.
 */
export class LightLogs {
  readonly #ledger: LightLedger;
  readonly #empty: Hex;
  /** The lowest and the highest header of the range that was verified. */
  #low: VerifiedHeader | undefined;
  #high: VerifiedHeader | undefined;
  /** Blocks of that range with transactions. */
  readonly #busy = new Map<number, BusyBlock>();
  readonly #logs = new Map<number, readonly PlacedLog[]>();
  /** Number of logs in `#logs`. */
  #kept = 0;
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * @param ledger - Verifies blocks.
   * @param primitives - SHA-256.
   */
  constructor(ledger: LightLedger, primitives: Sha256) {
    this.#ledger = ledger;
    this.#empty = bytesToHex(rootOf(primitives, []));
  }

  /**
   * The logs of a range of blocks, in order.
   *
   * @param from - The first block, at least 1.
   * @param to - The last one, below the head.
   * @throws MedsealError `LEDGER_UNPROVEN`, `LEDGER_STALE`, `LEDGER_TRUST_OLD`, `LEDGER_UNREACHABLE`, `LEDGER_REJECTED`,
   * `PEER_MALFORMED`.
   */
  async read(from: number, to: number): Promise<readonly PlacedLog[]> {
    if (to - from < FEW && this.#isFar(from, to)) return await this.#readAlone(from, to);
    const covered = this.#turn.then(async () => await this.#cover(from, to + 1));
    this.#turn = covered.catch(() => undefined);
    await covered;
    const blocks = [...this.#busy.values()]
      .filter(({ height }) => from <= height && height <= to)
      .toSorted((left, right) => left.height - right.height);
    const logs: PlacedLog[] = [];
    for (let first = 0; first < blocks.length; first += BLOCKS) {
      const some = blocks.slice(first, first + BLOCKS);
      const found = await Promise.all(some.map(async (block) => await this.#logsOf(block)));
      for (const each of found.flat()) logs.push(each);
    }
    return logs;
  }

  #isFar(from: number, to: number): boolean {
    if (this.#low === undefined || this.#high === undefined) return true;
    const { height: low } = this.#low.header;
    return to + NEAR < low || from > this.#high.header.height + NEAR;
  }

  /** Reads a few blocks without those between them and the others. */
  async #readAlone(from: number, to: number): Promise<readonly PlacedLog[]> {
    const logs: PlacedLog[] = [];
    for (let height = from; height <= to; height++) {
      const transactions = await this.#ledger.verifiedTransactions(height);
      const { hash: blockHash } = await this.#ledger.verifiedHeader(height);
      for (const log of transactions.flatMap((each) => each.logs)) logs.push({ ...log, blockHash });
    }
    return logs;
  }

  async #logsOf(block: BusyBlock): Promise<readonly PlacedLog[]> {
    const known = this.#logs.get(block.height);
    if (known !== undefined) return known;
    const transactions = await this.#ledger.transactionsOf(block);
    const logs = transactions.flatMap((transaction) =>
      transaction.logs.map((log) => ({ ...log, blockHash: block.hash })),
    );
    this.#logs.set(block.height, logs);
    this.#kept += logs.length;
    for (const [height, oldest] of this.#logs) {
      if (this.#kept <= KEPT || this.#logs.size === 1) break;
      this.#logs.delete(height);
      this.#kept -= oldest.length;
    }
    return logs;
  }

  /** Verifies the headers from a height to another, if they were not verified already. */
  async #cover(lowest: number, highest: number): Promise<void> {
    if (this.#high === undefined || highest > this.#high.header.height) {
      const head = await this.#ledger.verifiedHeader(highest);
      const known = this.#high;
      if (known !== undefined) {
        const { last, busy } = await this.#descend(head, known.header.height);
        if (last.hash !== known.hash) {
          throw new MedsealError('LEDGER_UNPROVEN', { what: `block ${known.header.height}` });
        }
        this.#keep(busy);
      }
      this.#high = head;
    }
    const low = this.#low ?? this.#high;
    const { last, busy } = await this.#descend(low, lowest);
    this.#keep(busy);
    this.#low = last;
  }

  #keep(busy: readonly BusyBlock[]): void {
    for (const block of busy) this.#busy.set(block.height, block);
  }

  /** Goes from a verified header down to a height; tells the blocks below it that have transactions. */
  async #descend(
    start: VerifiedHeader,
    lowest: number,
  ): Promise<{ last: VerifiedHeader; busy: readonly BusyBlock[] }> {
    const busy: BusyBlock[] = [];
    let last = start;
    while (last.header.height > lowest) {
      const pages: (readonly [number, number])[] = [];
      for (let top = last.header.height - 1; top >= lowest && pages.length < PAGES; top -= PAGE) {
        pages.push([Math.max(lowest, top - PAGE + 1), top]);
      }
      const answers = await Promise.all(
        pages.map(async ([from, to]) => await this.#ledger.askHeaders(from, to)),
      );
      for (const [place, [from]] of pages.entries()) {
        const found = await this.#before(last.header, from, answers[place]);
        for (const { hash, header } of found) {
          const { height, dataHash } = header;
          const resultsHash = last.header.lastResultsHash;
          if (dataHash !== this.#empty) busy.push({ height, hash, dataHash, resultsHash });
          last = { hash, header };
        }
      }
    }
    return { last, busy };
  }

  /** Verifies a page of headers. An endpoint that removed some of them says so if it is asked for the lowest alone. */
  async #before(
    ...[after, lowest, answer]: Parameters<LightLedger['headersBefore']>
  ): Promise<readonly VerifiedHeader[]> {
    try {
      return this.#ledger.headersBefore(after, lowest, answer);
    } catch (error) {
      await this.#ledger.askHeaders(lowest, lowest).catch((reason: unknown) => {
        if (isMedsealError(reason, 'LEDGER_PRUNED')) throw reason;
      });
      throw error;
    }
  }
}
