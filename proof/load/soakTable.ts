import { ROWS_IN_MEMORY } from '../../src/database/rows/RowStore.ts';
import { RULE_ROW_BYTES } from '../../src/services/LedgerIndex.ts';
import type { Sample } from './sampleNode.ts';

/** A minute of a soak. */
export interface Minute {
  readonly minute: number;
  readonly samples: readonly Sample[];
  /** Milliseconds that each thing took, by kind. */
  readonly latencies: ReadonlyMap<string, readonly number[]>;
  /** Entries that were promised so far. */
  readonly entries: number;
}

/** Result of a soak. */
export interface Judgement {
  readonly lines: readonly string[];
  /** True if something grows that must not. */
  readonly grows: boolean;
}

/** Minutes in which a process comes to its working size: they are not judged. */
const WARMING = 3;
/** Largest growth of a measure from the beginning of an hour to its end, as a share of its mean. */
const FLAT = 0.25;
/** Things that cost the same however much there is; what reads charts does not. */
const STEADY = ['add', 'grant', 'revoke', 'upload', 'receipt', 'stranger', 'suspend', 'enrol'];

const COLUMNS = [
  ['minute', 6],
  ['done', 6],
  ['p50 ms', 8],
  ['p90 ms', 8],
  ['p99 ms', 8],
  ['RSS MB', 8],
  ['own MB', 8],
  ['heap MB', 8],
  ['lag ms', 8],
  ['fds', 5],
  ['files', 6],
  ['disk MB', 8],
  ['entries', 8],
] as const;

/** The heads of the columns. */
export const SOAK_HEAD = COLUMNS.map(([name, width]) => name.padStart(width)).join(' ');

/**
 * A row of the table.
 *
 * @param of - The minute.
 */
export function soakRow(of: Minute): string {
  const all = [...of.latencies.values()].flat();
  const last = of.samples.at(-1);
  const cells = [
    of.minute,
    all.length,
    quantile(all, 0.5).toFixed(1),
    quantile(all, 0.9).toFixed(1),
    quantile(all, 0.99).toFixed(1),
    (middleOf(of, 'resident') / 1e6).toFixed(0),
    (middleOf(of, 'own') / 1e6).toFixed(0),
    (heapOf(of) / 1e6).toFixed(1),
    (quantile(lagsOf(of), 0.5) * 1000).toFixed(1),
    descriptorsOf(of),
    last?.files ?? 0,
    ((last?.bytes ?? 0) / 1e6).toFixed(1),
    of.entries,
  ];
  return cells.map((cell, place) => String(cell).padStart(COLUMNS[place]?.[1] ?? 8)).join(' ');
}

/**
 * Tells whether memory, latency, descriptors and files stay as they are: by the slope of a line through the minutes.
 *
 * @param minutes - All of them.
 */
export function judgeSoak(minutes: readonly Minute[]): Judgement {
  const judged = minutes.slice(WARMING);
  if (judged.length < 5) return { lines: ['too short to judge'], grows: false };
  const measures: [name: string, unit: string, of: (minute: Minute) => number][] = [
    ['heap without rules, least of each minute', 'MB', (minute) => unruledOf(minute) / 1e6],
    ['memory of its own', 'MB', (minute) => middleOf(minute, 'own') / 1e6],
    ['file descriptors', '', descriptorsOf],
    ['median latency of what does not read charts', 'ms', steadyOf],
    ['event loop’s lag, p99', 'ms', (minute) => quantile(lagsOf(minute), 0.5) * 1000],
  ];
  let grows = false;
  const lines = measures.map(([name, unit, of]) => {
    const values = judged.map(of);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const hour = slope(values) * 60;
    const flat = hour <= FLAT * mean;
    if (!flat) grows = true;
    return `${name}: mean ${mean.toFixed(1)} ${unit}, ${hour.toFixed(1)} ${unit} more in an hour: ${flat ? 'flat' : 'GROWS'}`;
  });
  const files = judged.map((minute) => (minute.samples.at(-1)?.files ?? 0) / minute.entries);
  lines.push(
    `rules: ${rulesOf(judged.at(0))} rows at first, ${rulesOf(judged.at(-1))} in the end; up to ${ROWS_IN_MEMORY} are in memory, ${RULE_ROW_BYTES} bytes each`,
    `files for each entry: ${files.at(0)?.toFixed(2)} at first, ${files.at(-1)?.toFixed(2)} in the end`,
  );
  return { lines, grows };
}

/** Of the line through values at equal distances that is nearest to them, how much it rises from one to the next. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const rise = values.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0);
  return rise / values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
}

function heapOf({ samples }: Minute): number {
  return Math.min(...samples.map(({ heap }) => heap));
}

/** The heap without what the rules take, which an index must hold and docs/run/operate.md states. */
function unruledOf({ samples }: Minute): number {
  return Math.min(
    ...samples.map(
      ({ heap, ruleRows }) => heap - Math.min(ruleRows, ROWS_IN_MEMORY) * RULE_ROW_BYTES,
    ),
  );
}

function rulesOf(minute: Minute | undefined): number {
  return minute?.samples.at(-1)?.ruleRows ?? 0;
}

function middleOf({ samples }: Minute, measure: 'resident' | 'own'): number {
  return quantile(
    samples.map((sample) => sample[measure]),
    0.5,
  );
}

function descriptorsOf({ samples }: Minute): number {
  return Math.max(...samples.map(({ descriptors }) => descriptors));
}

function lagsOf({ samples }: Minute): readonly number[] {
  return samples.map(({ lag }) => lag);
}

function steadyOf({ latencies }: Minute): number {
  const medians = STEADY.flatMap((kind) => {
    const taken = latencies.get(kind);
    return taken === undefined ? [] : [quantile(taken, 0.5)];
  });
  return medians.reduce((sum, value) => sum + value, 0) / Math.max(1, medians.length);
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
