/**
 * Shares of sweeps that are long by nature. A quick test tries a share of the places, cases or random values of a sweep;
 * `scripts/together/whole.slow.test.ts` runs the same file again with `WHOLE=1`, which tries all of them.
 */
const isWhole = process.env['WHOLE'] === '1';

/** Returns how often to try: all times, or a share of them in a quick test. */
export function timesOf(all: number, share = 4): number {
  return isWhole ? all : Math.ceil(all / share);
}

/** Returns the items to try: all of them, or in a quick test one of so many, the first one among them. */
export function someOf<Item>(all: readonly Item[], share = 4): readonly Item[] {
  return isWhole ? all : all.filter((_, place) => place % share === 0);
}
