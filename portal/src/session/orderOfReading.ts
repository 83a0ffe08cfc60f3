import { type ChartRecord, newestOfEach } from '../../../src/client/index.ts';
import { ZERO32 } from '../../../src/protocol/ids.ts';
import type { Category } from '../../../src/protocol/vocabulary.ts';

/** Categories that a clinician needs first. */
const FIRST: readonly Category[] = [
  'demographics',
  'allergies',
  'conditions',
  'medications',
  'vitals',
  'laboratory',
  'reports',
];
/** Largest sealed record that is opened before anybody asks for it, bytes. */
const LARGEST = 2 * 2 ** 20;
/** Longest time between the two records of a document, seconds. */
const BESIDE = 300;

/** In which order the records of a chart are opened. */
export interface ReadingOrder {
  /** Opened at once: the most needed kinds first, of each kind the newest first. */
  readonly now: readonly ChartRecord[];
  /** Each may be the file of a document, and is opened after the document that would tell so. */
  readonly after: readonly ChartRecord[];
  /** Too large to be opened before somebody asks. */
  readonly large: readonly ChartRecord[];
}

/**
 * Sorts the newest versions of a chart's records into the order in which they are opened. Every view is evidence, so the
 * file of a document is not opened with it, but when somebody opens the document. Batches of readings have a screen of their
 * own, and objections are opened with the record that they are about.
 *
 * @param records - As the chart lists them.
 */
export function orderOfReading(records: readonly ChartRecord[]): ReadingOrder {
  const newest = newestOfEach(
    records.filter(({ readings, about }) => readings === undefined && about === ZERO32),
  ).toSorted((left, right) => placeOf(left) - placeOf(right) || right.at - left.at);
  const small = newest.filter(({ size }) => size <= LARGEST);
  const followed = beforeAnother(newest);
  return {
    now: small.filter((record) => !followed.has(record)),
    after: small.filter((record) => followed.has(record)),
    large: newest.filter(({ size }) => size > LARGEST),
  };
}

function placeOf({ category }: ChartRecord): number {
  const place = FIRST.indexOf(category);
  return place < 0 ? FIRST.length : place;
}

/** Records after which their author added another one of the same category: a document is two such, the file first. */
function beforeAnother(records: readonly ChartRecord[]): ReadonlySet<ChartRecord> {
  const found = new Set<ChartRecord>();
  const byAuthor = Map.groupBy(
    records,
    (record) => `${record.author} ${record.acknowledgement.log}`,
  );
  for (const written of byAuthor.values()) {
    const inOrder = written.toSorted(
      (left, right) => left.acknowledgement.index - right.acknowledgement.index,
    );
    for (const [place, record] of inOrder.entries()) {
      const next = inOrder[place + 1];
      if (next?.category === record.category && next.at - record.at <= BESIDE) found.add(record);
    }
  }
  return found;
}
