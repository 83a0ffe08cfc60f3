/** Routes that take many times as long as a plain one, and how many times about. */
const COSTS: readonly (readonly [RegExp, number])[] = [
  [/\/v1\/blocks$/, 4],
  [/\/v1\/facts$/, 8],
];

/**
 * What a request counts of its caller's rate: 1, or more where its route does much more than others.
 *
 * @param path - Path of the request.
 */
export function costOf(path: string): number {
  return COSTS.find(([route]) => route.test(path))?.[1] ?? 1;
}
