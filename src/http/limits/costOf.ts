/** Routes that take many times as long as a plain one, with that factor. */
const COSTS: readonly (readonly [RegExp, number])[] = [
  [/\/v1\/blocks$/, 4],
  [/\/v1\/facts$/, 8],
];

/**
 * Returns the cost of a request in its caller's rate limit: 1, or more if its route does much more than others.
 *
 * @param path - Path of the request.
 */
export function costOf(path: string): number {
  return COSTS.find(([route]) => route.test(path))?.[1] ?? 1;
}
