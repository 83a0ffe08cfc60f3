/** Routes that take many times as long as a plain one, with that factor. */
const COSTS: readonly (readonly [RegExp, number])[] = [
  [/^POST .*\/v1\/successors$/, 64],
  [/\/v1\/blocks$/, 4],
  [/\/v1\/facts$/, 8],
  // Anybody may send them, and each organisation verifies up to 32 signatures.
  [/\/v1\/(?:applications|key-changes|suspensions)$/, 8],
  [/^PUT .*\/v1\/parties\/\w+$/, 8],
  // For a full page each organisation reads 64 rights or letters, and the agent verifies those of all.
  [/\/v1\/(?:rights|letters\/collect)$/, 16],
];

/**
 * Returns the cost of a request in its caller's rate limit: 1, or more if its route does much more than others.
 *
 * @param method - Method of the request.
 * @param path - Its path.
 */
export function costOf(method: string, path: string): number {
  return COSTS.find(([route]) => route.test(`${method} ${path}`))?.[1] ?? 1;
}
