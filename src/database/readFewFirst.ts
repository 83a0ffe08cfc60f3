import type { ServiceDatabase } from './synced.ts';

const READS = ['iterator', 'keys', 'values'] as const;
/** Rows that are asked for at first, and at most at once. */
const FIRST = 16;
const MOST = 1000;

/** Members of an iterator that are used. */
interface Steps extends AsyncIterable<unknown> {
  nextv(size: number): Promise<unknown[]>;
  close(): Promise<void>;
  all(): Promise<unknown[]>;
}

/**
 * Makes a database read few rows of a range at first, and more the longer the range is. By default it sets 64 kB aside
 * for each range, for a thousand rows that almost never come. At 350 ranges a second, in as many pools as there are
 * threads, that made a process grow by 20 MB a minute, of which almost nothing was in use.
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
      iterator[Symbol.asyncIterator] = () => rowsOf(iterator);
      return iterator;
    };
    Object.defineProperty(database, name, { value: wrapped, configurable: true });
  }
  return database;
}

async function allOf(iterator: Steps): Promise<unknown[]> {
  const pages: unknown[][] = [];
  for await (const page of pagesOf(iterator)) pages.push(page);
  return pages.flat(1);
}

async function* rowsOf(iterator: Steps): AsyncGenerator {
  for await (const page of pagesOf(iterator)) yield* page;
}

async function* pagesOf(iterator: Steps): AsyncGenerator<unknown[]> {
  try {
    for (let size = FIRST; ; size = Math.min(8 * size, MOST)) {
      const rows = await iterator.nextv(size);
      if (rows.length === 0) return;
      yield rows;
    }
  } finally {
    await iterator.close();
  }
}
