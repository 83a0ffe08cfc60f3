import { bytesToHex } from '../crypto/bytes.ts';
import { rootOf } from '../crypto/merkle/rootOf.ts';
import type { Sha256 } from '../crypto/merkle/Sha256.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Bytes32, Hex } from '../protocol/ids.ts';
import { MOST_LOGS } from '../protocol/network/ledgerBounds.ts';
import type { BlockCommitment, VerifiedLog } from './blockTransactions.ts';
import type { LightLedger, VerifiedHeader } from './LightLedger.ts';

/**
 * The most blocks of which logs are read at once. All logs of a range are in memory together, and one of so many blocks is read within
 * a minute or two, also by a busy machine.
 */
export const MOST_BLOCKS_VERIFIED = 2 ** 14;
/** Headers that CometBFT gives at once, and how many such answers are under way: the next ones come while one is verified. */
const PAGE = 20;
const PAGES = 8;
/** Blocks with transactions that are remembered, at most, before those of a further range. */
const REMEMBERED = 2 * MOST_BLOCKS_VERIFIED;
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

/** Questions to a `LightLedger`. */
type HeaderSource = Pick<
  LightLedger,
  'askHeaders' | 'headersBefore' | 'transactionsOf' | 'verifiedHeader' | 'verifiedTransactions'
>;

/**
 * All logs of ranges of blocks, none missing: the headers of the range are read one by one, each named by the next, and
 * tell which blocks have transactions. Headers that were verified are not read again, unless the blocks with transactions among them
 * have become too many to remember, or a range is far from them.
 */
export class LightLogs {
  readonly #ledger: HeaderSource;
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
  constructor(ledger: HeaderSource, primitives: Sha256) {
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
    const covered = this.#turn.then(async () => {
      await this.#cover(from, to + 1);
      return [...this.#busy.values()].filter(({ height }) => from <= height && height <= to);
    });
    this.#turn = covered.catch(() => undefined);
    const blocks = (await covered).toSorted((left, right) => left.height - right.height);
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
    if (this.#isApart(lowest, highest)) {
      this.#busy.clear();
      [this.#low, this.#high] = [undefined, undefined];
    }
    if (this.#high === undefined || highest > this.#high.header.height) {
      const head = await this.#ledger.verifiedHeader(highest);
      const known = this.#high;
      if (known !== undefined) {
        this.#forget(known);
        const { last, busy } = await this.#descend(head, known.header.height);
        if (last.hash !== known.hash) {
          throw new MedsealError('LEDGER_UNPROVEN', { what: `block ${known.header.height}` });
        }
        this.#keep(busy);
      }
      this.#high = head;
    }
    const low = this.#low ?? this.#high;
    if (low.header.height > lowest) this.#forget(low);
    const { last, busy } = await this.#descend(low, lowest);
    this.#keep(busy);
    this.#low = last;
  }

  /** Tells whether so many headers lie between a range and the verified ones that it is better to begin again. */
  #isApart(lowest: number, highest: number): boolean {
    if (this.#low === undefined || this.#high === undefined) return false;
    const between = Math.max(this.#low.header.height - highest, lowest - this.#high.header.height);
    return between > MOST_BLOCKS_VERIFIED;
  }

  /** Forgets the range if it has too many blocks with transactions, but for the end from which it goes on. */
  #forget(end: VerifiedHeader): void {
    if (this.#busy.size <= REMEMBERED) return;
    this.#busy.clear();
    [this.#low, this.#high] = [end, end];
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
    const pages: { readonly from: number; readonly answer: Promise<unknown> }[] = [];
    let [last, top] = [start, start.header.height - 1];
    const ask = (): void => {
      if (top < lowest) return;
      const from = Math.max(lowest, top - PAGE + 1);
      const answer = this.#ledger.askHeaders(from, top);
      // After a page that is refused nobody looks at those behind it.
      answer.catch(() => undefined);
      pages.push({ from, answer });
      top = from - 1;
    };
    for (let asked = 0; asked < PAGES; asked++) ask();
    for (let page = pages.shift(); page !== undefined; page = pages.shift()) {
      const answer = await page.answer;
      ask();
      for (const { hash, header } of await this.#before(last.header, page.from, answer)) {
        const { height, dataHash } = header;
        const resultsHash = last.header.lastResultsHash;
        if (dataHash !== this.#empty) busy.push({ height, hash, dataHash, resultsHash });
        last = { hash, header };
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
