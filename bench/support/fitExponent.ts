/** A point of a curve: how much of something there was, and what a thing cost then. */
export type Point = readonly [number, number];

/**
 * The exponent b of the power law y = a·x^b that fits points best: the slope of the line through their logarithms, by
 * least squares. 0 says that x does not matter, 1 that cost grows as x does.
 *
 * @param points - At least two, both coordinates over 0.
 */
export function fitExponent(points: readonly Point[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (of: 0 | 1): number => logs.reduce((sum, log) => sum + log[of], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const above = logs.reduce((sum, log) => sum + (log[0] - x) * (log[1] - y), 0);
  const below = logs.reduce((sum, log) => sum + (log[0] - x) ** 2, 0);
  return above / below;
}
