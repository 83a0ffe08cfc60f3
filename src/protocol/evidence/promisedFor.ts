import type { Acknowledgement } from './evidence.ts';

/**
 * Returns the time by which the log must hold an entry, as its coordinators promised, Unix seconds; 0 without a promise.
 *
 * @param acknowledgement - The entry with its verdicts.
 */
export function promisedFor({ verdicts }: Pick<Acknowledgement, 'verdicts'>): number {
  return Math.max(0, ...verdicts.map(({ verdict }) => verdict.includeBy));
}
