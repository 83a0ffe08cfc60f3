import { keepNewest } from '../../crypto/keepNewest.ts';
import type { LedgerBlock } from '../../protocol/network/LedgerBlock.ts';

/** Blocks in a page. */
const PAGE = 64;
/** Blocks that are kept in memory: the newest pages that were asked for. */
const KEPT = 512;

/** Options of `ledgerPages`. */
export interface LedgerPagesOptions {
  /** The number of the newest block. */
  readonly newest: () => Promise<number>;
  /** Reads blocks off the ledger, from a number, to before another. */
  readonly read: (range: { from: number; to: number }) => Promise<readonly LedgerBlock[]>;
}

/**
 * Gives pages of the ledger's blocks. A block is final once it is there, so a page that was read is kept, and calls
 * that come while it is read share its answer. A known page takes no call of the ledger but the one for the newest
 * block, which concurrent calls share too.
 *
 * @param options - Source of the blocks.
 * @returns Gives the blocks from a number on, as many as a page has.
 */
export function ledgerPages({
  newest,
  read,
}: LedgerPagesOptions): (from: number) => Promise<readonly LedgerBlock[]> {
  const recent = new Map<number, LedgerBlock>();
  const reading = new Map<string, Promise<readonly LedgerBlock[]>>();

  async function fetch(from: number, to: number): Promise<readonly LedgerBlock[]> {
    const blocks = await read({ from, to });
    for (const block of blocks) {
      recent.delete(block.number);
      recent.set(block.number, block);
      keepNewest(recent, KEPT);
    }
    return blocks;
  }

  async function share(from: number, to: number): Promise<readonly LedgerBlock[]> {
    const key = `${from}-${to}`;
    const begun = reading.get(key);
    const run = begun ?? fetch(from, to).finally(() => reading.delete(key));
    reading.set(key, run);
    return await run;
  }

  return async (from) => {
    const to = Math.min(from + PAGE, (await newest()) + 1);
    const numbers = Array.from({ length: Math.max(0, to - from) }, (_, place) => from + place);
    // Taken before anything is read: pages that others read meanwhile may be kept in place of these.
    const found = new Map(numbers.map((number) => [number, recent.get(number)]));
    const missing = numbers.filter((number) => found.get(number) === undefined);
    const [first] = missing;
    const last = missing.at(-1);
    if (first !== undefined && last !== undefined) {
      for (const block of await share(first, last + 1)) found.set(block.number, block);
    }
    return numbers.flatMap((number) => found.get(number) ?? []);
  };
}
