import type { Point } from './fitExponent.ts';

/** A curve of a chart. */
export interface Curve {
  readonly name: string;
  readonly points: readonly Point[];
}

/** A chart with logarithmic axes. */
export interface CurveChart {
  readonly title: string;
  /** Label of each axis, with its unit. */
  readonly x: string;
  readonly y: string;
  readonly curves: readonly Curve[];
}

const [WIDTH, HEIGHT] = [640, 360];
const [LEFT, TOP, BOTTOM] = [70, 40, 50];
/** Room on the right for the names of curves, if there are several. */
const NAMES = 150;
/** Told apart by people who see colours differently, on white and on dark. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7'];

/**
 * Draws a chart as SVG.
 *
 * @param chart - At least one curve with at least one point; all coordinates over 0.
 */
export function drawCurves({ title, x, y, curves }: CurveChart): string {
  const all = curves.flatMap(({ points }) => points);
  const right = WIDTH - (curves.length > 1 ? NAMES : LEFT);
  const across = scale(
    all.map(([value]) => value),
    LEFT,
    right,
  );
  const up = scale(
    all.map(([, value]) => value),
    HEIGHT - BOTTOM,
    TOP,
  );
  const lines = [
    ...across.ticks.map((tick) => {
      const at = across.at(tick);
      return `<path d="M${at} ${TOP}V${HEIGHT - BOTTOM}" class="grid"/>${text(at, HEIGHT - BOTTOM + 18, 'middle', label(tick))}`;
    }),
    ...up.ticks.map((tick) => {
      const at = up.at(tick);
      return `<path d="M${LEFT} ${at}H${right}" class="grid"/>${text(LEFT - 8, at + 4, 'end', label(tick))}`;
    }),
    ...curves.map(({ name, points }, place) => {
      const colour = COLOURS[place % COLOURS.length] ?? '';
      const path = points.map(([px, py]) => `${across.at(px)} ${up.at(py)}`).join('L');
      const dots = points.map(
        ([px, py]) => `<circle cx="${across.at(px)}" cy="${up.at(py)}" r="3.5" fill="${colour}"/>`,
      );
      const said =
        curves.length > 1 ? text(right + 12, TOP + 16 + 20 * place, 'start', name, colour) : '';
      return `<path d="M${path}" stroke="${colour}" fill="none" stroke-width="2"/>${dots.join('')}${said}`;
    }),
    text((LEFT + right) / 2, HEIGHT - 10, 'middle', x),
    text(LEFT, TOP - 10, 'start', y),
    text(WIDTH / 2, 16, 'middle', title),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">`,
    '<style>text{font:12px sans-serif;fill:#444}.grid{stroke:#ccc;stroke-width:1}</style>',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...lines,
    '</svg>',
    '',
  ].join('\n');
}

/** Scales values to an axis, and lists those that are written there: 1, 2 and 5 of each power of ten. */
function scale(
  values: readonly number[],
  from: number,
  to: number,
): { at(value: number): number; ticks: number[] } {
  const steps = Array.from({ length: 24 }, (_, power) =>
    [1, 2, 5].map((digit) => digit * 10 ** (power - 6)),
  );
  const marks = steps.flat();
  const least = marks.findLast((mark) => mark <= Math.min(...values)) ?? Math.min(...values);
  const found = marks.find((mark) => mark >= Math.max(...values)) ?? Math.max(...values);
  const most = found === least ? 10 * least : found;
  const at = (value: number): number => {
    const part = Math.log(value / least) / Math.log(most / least);
    return Math.round((from + part * (to - from)) * 10) / 10;
  };
  const within = marks.filter((mark) => mark >= least && mark <= most);
  const ticks =
    within.length > 8 ? within.filter((mark) => Number.isInteger(Math.log10(mark))) : within;
  return { at, ticks };
}

function label(value: number): string {
  return value >= 1000 ? value.toLocaleString('en') : String(Number(value.toPrecision(3)));
}

function text(x: number, y: number, anchor: string, content: string, colour?: string): string {
  const fill = colour === undefined ? '' : ` style="fill:${colour}"`;
  return `<text x="${x}" y="${y}" text-anchor="${anchor}"${fill}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
