import type { ServiceDatabase } from '../services/synced.ts';

const READS = ['iterator', 'keys', 'values'] as const;
/** Rows that are asked for at first, and at most at a time. */
const FIRST = 16;
const MOST = 1000;

/** What is used of an iterator. */
interface Steps {
  readonly limit: number;
  nextv(size: number): Promise<unknown[]>;
  close(): Promise<void>;
  all(): Promise<unknown[]>;
}

/**
 * Has a database ask for few rows at first where all rows of a range are read at once. By itself it sets 64 kB aside for
 * each such range, for a thousand rows that almost never come; at 350 ranges a second, in as many pools as there are
 * threads, that kept a process growing by 20 MB a minute, of which next to nothing was in use (decision 0063).
 *
 * @param database - It is changed, and given back.
 */
export function readFewFirst<Database extends Pick<ServiceDatabase, (typeof READS)[number]>>(
  database: Database,
): Database {
  for (const name of READS) {
    const make = database[name].bind(database) as (...options: unknown[]) => Steps;
    const wrapped = (...options: unknown[]): Steps => {
      const iterator = make(...options);
      iterator.all = async () => await allOf(iterator);
      return iterator;
    };
    Object.defineProperty(database, name, { value: wrapped, configurable: true });
  }
  return database;
}

async function allOf(iterator: Steps): Promise<unknown[]> {
  const rows: unknown[] = [];
  try {
    // Who names a limit knows how many there will be.
    const first = Number.isFinite(iterator.limit) ? Math.max(1, iterator.limit) : FIRST;
    for (let size = Math.min(first, MOST); ; size = Math.min(8 * size, MOST)) {
      const more = await iterator.nextv(size);
      if (more.length === 0) return rows;
      for (const row of more) rows.push(row);
    }
  } finally {
    await iterator.close();
  }
}
