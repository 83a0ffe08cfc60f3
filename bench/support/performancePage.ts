import { MOST_COMMITS } from './ageFaults.ts';
import type { CommitsSince } from './commitsSince.ts';
import { drawCurves } from './drawCurves.ts';
import { fitExponent, type Point } from './fitExponent.ts';
import { CURVES, type CurveName, type WorkloadResult, type Reading } from './Workload.ts';
import { pieces } from './pieces.ts';
import { IN_TEXT, KNOWN_OLD } from './rows.ts';

/** Measurement of a piece, with the machine that it ran on. */
export interface Measured {
  readonly machine: string;
  /** Commit that was measured. */
  readonly commit: string;
  /** Day, as `2026-11-20`. */
  readonly day: string;
  /** Load average over a minute when it began and when it ended: what else the machine had to do. */
  readonly load: readonly [number, number];
  /** Length of the piece: quick or full. */
  readonly mode: 'quick' | 'full';
  /** The results of each run. */
  readonly runs: readonly WorkloadResult[];
}

/** All that was measured, by piece. */
export type Measurements = Readonly<Record<string, Measured>>;

/** The page with its charts. */
export interface PerformancePage {
  /** Markdown. */
  readonly page: string;
  /** SVG, by file name. */
  readonly charts: ReadonlyMap<string, string>;
}

/** The commits that came since the rows of the page were measured. */
export interface Counted {
  /** The commit up to which they were counted. */
  readonly until: string;
  /** Undefined if nobody could tell. */
  readonly since: CommitsSince | undefined;
}

/**
 * Writes the page on performance from what was measured.
 *
 * @param measured - The measurements, of some pieces or all.
 * @param counted - The commits that came since.
 * @param words - Markdown that follows the tables.
 */
export function performancePage(
  measured: Measurements,
  { until, since }: Counted,
  words: string,
): PerformancePage {
  const commits = (commit: string): string =>
    `\`${commit}\` | ${since?.get(commit)?.toLocaleString('en') ?? '–'}`;
  const charts = new Map<string, string>();
  const lines = [
    '# Performance',
    '',
    'Measured by `npm run bench`, which writes this page from `docs/reference/performance/results.json`. Each rate stands beside a reference that was measured in the same run, so that figures of other machines can be compared. Of several runs it is the median, with the least and the most in brackets.',
    '',
    '## Where',
    '',
    `Commits since were counted at \`${until}\`. \`npm run check figures\` counts them up to the present: it fails once more than ${MOST_COMMITS} came since a row was measured, but for those under [Older rows](#older-rows).`,
    '',
    '| piece | machine | commit | commits since | day | load before, after | runs | how |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
  ];
  const known = pieces.filter(({ name }) => measured[name] !== undefined);
  for (const { name, method } of known) {
    const { machine, commit, day, load, runs, mode } = measured[name] as Measured;
    const loads = load.map((each) => each.toFixed(1)).join(', ');
    lines.push(
      `| ${name} | ${machine} | ${commits(commit)} | ${day} | ${loads} | ${runs.length}, ${mode} | ${method} |`,
    );
  }
  lines.push(
    '',
    'Figures in the text, each with the commit that was measured or that first stated them:',
    '',
  );
  lines.push(
    '| figures | commit | commits since | day | command |',
    '| --- | --- | --- | --- | --- |',
  );
  for (const { name, commit, day, command } of IN_TEXT)
    lines.push(`| ${name} | ${commits(commit)} | ${day} | \`${command}\` |`);
  lines.push('', '### Older rows', '', '| row | why it was not measured again |', '| --- | --- |');
  for (const [name, reason] of Object.entries(KNOWN_OLD)) lines.push(`| ${name} | ${reason} |`);
  lines.push('', '## Rates', '', '| what | at a time | figure | reference | ratio | target |');
  lines.push('| --- | --- | --- | --- | --- | --- |');
  for (const { name } of known) lines.push(...rowsOf((measured[name] as Measured).runs));
  const notes = known.flatMap(({ name }) => measured[name]?.runs.at(-1)?.notes ?? []);
  if (notes.length > 0) {
    lines.push('', '## Charts of patients', '', '| what | measured |', '| --- | --- |');
    for (const [what, text] of notes) lines.push(`| ${what} | ${text} |`);
  }
  lines.push(
    '',
    '## Growth',
    '',
    'The exponent is b of the power law a·xᵇ that fits the points best: 0 is flat, 1 grows as x does.',
    '',
  );
  for (const [name, { bound, ...axes }] of Object.entries(CURVES)) {
    const points = pointsOf(measured, name as CurveName);
    if (points.length < 2) continue;
    charts.set(`${name}.svg`, drawCurves({ ...axes, curves: [{ name: axes.y, points }] }));
    const values = points.map(([x, y]) => `${x.toLocaleString('en')}: ${y}`).join(' · ');
    lines.push(
      `### ${axes.title}`,
      '',
      `![${axes.y} by ${axes.x}](performance/${name}.svg)`,
      '',
      `${axes.y}, by ${axes.x}: ${values}. Exponent **${fitExponent(points).toFixed(2)}**. ${bound}`,
      '',
    );
  }
  lines.push(words);
  return { page: `${lines.join('\n').trimEnd()}\n`, charts };
}

function rowsOf(runs: readonly WorkloadResult[]): string[] {
  const first = runs[0]?.readings ?? [];
  return first.map((reading, place) => {
    const same = runs.flatMap(({ readings = [] }) => readings[place] ?? []);
    const figure = `${spread(same.map(({ value }) => value))} ${reading.unit}`;
    const reference =
      reading.reference === undefined
        ? '–'
        : `${reading.reference.what}: ${spread(same.map((each) => each.reference?.value ?? 0))}`;
    const ratio =
      reading.ratio === undefined
        ? '–'
        : spread(
            same.map((each) => each.ratio ?? 0),
            3,
          );
    return `| ${reading.what} | ${reading.batch} | ${figure} | ${reference} | ${ratio} | ${reading.target ?? '–'} |`;
  });
}

/** The median of figures, with the least and the most if there are several. */
function spread(values: readonly Reading['value'][], digits?: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  const text = (value = 0): string =>
    digits === undefined
      ? value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 })
      : value.toFixed(digits);
  const median = text(sorted[Math.floor((sorted.length - 1) / 2)]);
  return sorted.length === 1 ? median : `${median} (${text(sorted[0])}–${text(sorted.at(-1))})`;
}

/** A curve's points, the median of all runs at each. */
function pointsOf(measured: Measurements, curve: CurveName): readonly Point[] {
  const found = Map.groupBy(
    Object.values(measured).flatMap(({ runs }) => runs.flatMap(({ points = [] }) => points)),
    ({ curve: name, point: [x] }) => (name === curve ? x : undefined),
  );
  return [...found].flatMap(([x, points]): Point[] => {
    const sorted = points.map(({ point: [, y] }) => y).toSorted((a, b) => a - b);
    const median = sorted[Math.floor((sorted.length - 1) / 2)];
    return x === undefined || median === undefined ? [] : [[x, median]];
  });
}
