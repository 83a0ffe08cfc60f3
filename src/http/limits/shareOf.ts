/** Number of parts of which one address gets at most one. */
const PARTS = 8;

/**
 * Returns the share of one address: an eighth, and at least what one request needs.
 *
 * @param all - Amount for all addresses together.
 * @param least - Greatest need of one request.
 */
export function shareOf(all: number, least = 1): number {
  return Math.max(Math.floor(all / PARTS), least);
}
