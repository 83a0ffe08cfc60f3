/** One address gets at most one part in so many. */
const PARTS = 8;

/**
 * How much of something one address may take up: an eighth, and at least what one request needs.
 *
 * @param all - How much there is for everybody.
 * @param least - What one request needs at most.
 */
export function shareOf(all: number, least = 1): number {
  return Math.max(Math.floor(all / PARTS), least);
}
