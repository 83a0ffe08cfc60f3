import type { KnownRight } from '../../../src/client/index.ts';
import { isDeviceRight } from '../../../src/protocol/sensors/isDeviceRight.ts';

/** Seconds before its end in which somebody is offered to ask for more time. */
const SOON = 7 * 24 * 3600;

/**
 * Returns the right of somebody on one chart that holds the longest, if it ends within a week: with it the access ends. Rights of
 * devices are bound again, and do not count.
 *
 * @param rights - Rights of one party on one chart.
 * @param now - Unix seconds.
 */
export function endsSoon(rights: readonly KnownRight[], now: number): KnownRight | undefined {
  const [last] = rights
    .filter(({ grant: { terms } }) => terms.until > now && !isDeviceRight(terms))
    .toSorted((one, other) => other.grant.terms.until - one.grant.terms.until);
  return last !== undefined && last.grant.terms.until <= now + SOON ? last : undefined;
}
