import type { AccessAsked, KnownRight } from '../../../../src/client/index.ts';

/** State of a request for access, as the party that asked knows it. */
export type AskedState = 'waiting' | 'given' | 'over' | 'declined' | 'withdrawn' | 'expired';

/**
 * Tells how a request for access stands.
 *
 * @param asked - The request, with its answer if one came.
 * @param rights - Rights that the device knows.
 * @param now - Unix seconds.
 * @returns `over` if it was given, and no right that covers it holds any more.
 */
export function stateOfAsked(
  { request, answer }: AccessAsked,
  rights: readonly KnownRight[],
  now: number,
): AskedState {
  const { handle, terms, deadline } = request.message;
  if (answer === 'declined' || answer === 'withdrawn') return answer;
  if (answer === undefined) return deadline < now ? 'expired' : 'waiting';
  const holds = rights.some(
    ({ grant }) =>
      grant.handle === handle &&
      grant.terms.until > now &&
      grant.terms.purpose === terms.purpose &&
      terms.categories.every((each) => grant.terms.categories.includes(each)),
  );
  return holds ? 'given' : 'over';
}
