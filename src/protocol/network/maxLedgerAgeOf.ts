import type { NetworkFile } from './NetworkFile.ts';

/**
 * Default for the age of the newest block, seconds, beyond which no right to read is judged. A validator at rest makes a block
 * each ten seconds, and each minute at the slowest that its settings allow; a block’s time is that of the votes on the one
 * before, so that the newest one is two minutes old then at the most.
 */
export const DEFAULT_MAX_LEDGER_AGE = 180;
/** The least that a network can state: three blocks of validators at rest, and the most by which clocks may differ. */
const LEAST_MAX_LEDGER_AGE = 60;
/** The most that a network can state: a day. */
const MOST_MAX_LEDGER_AGE = 86_400;

/**
 * Tells whether a number can be a network’s bound on the age of the newest block.
 *
 * @param age - Number from outside, seconds.
 */
export function isMaxLedgerAge(age: unknown): boolean {
  const isBetween =
    (age as number) >= LEAST_MAX_LEDGER_AGE && (age as number) <= MOST_MAX_LEDGER_AGE;
  return Number.isSafeInteger(age) && isBetween;
}

/**
 * Returns the age of the newest block, seconds, beyond which no right to read is judged. A ledger at one organisation makes
 * blocks for transactions alone, so that its age says nothing: undefined.
 *
 * @param network - The network file.
 */
export function maxLedgerAgeOf({ ledger }: Pick<NetworkFile, 'ledger'>): number | undefined {
  return ledger.chain === undefined ? undefined : (ledger.maxAge ?? DEFAULT_MAX_LEDGER_AGE);
}
