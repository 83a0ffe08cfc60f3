import { MedsealError } from '../../errors/MedsealError.ts';
import { CHANNEL_NUMBERS } from '../network/channelNumbers.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import type { Address } from '../ids.ts';
import type { Category } from '../vocabulary.ts';

/** A record version, as far as its retention goes. */
export interface RetainableVersion {
  readonly author: Address;
  readonly category: Category;
  /** Moment of its entry, Unix seconds. */
  readonly at: number;
  /** Statement of a device, if it is a batch of readings: nobody wrote that. */
  readonly readings?: unknown;
}

/**
 * Returns the seconds for which a network keeps a category from erasure after somebody other than the patient wrote a record of it; 0 if its
 * terms keep none.
 *
 * @param network - The network file.
 */
export function retentionOf({ channels }: Pick<NetworkFile, 'channels'>): number {
  return (channels[0]?.retentionDays ?? CHANNEL_NUMBERS.retentionDays.usual) * 86_400;
}

/**
 * Returns the first second at which a category of a chart may be erased; 0 if nothing keeps it. The newest version that somebody other than the
 * patient wrote counts: an erasure is of the whole category.
 *
 * @param network - The network file.
 * @param patient - The patient.
 * @param category - The category.
 * @param versions - Record versions of the chart, of any category.
 */
export function retainedUntil(
  network: Pick<NetworkFile, 'channels'>,
  patient: Address,
  category: Category,
  versions: Iterable<RetainableVersion>,
): number {
  const retention = retentionOf(network);
  if (retention === 0) return 0;
  let newest = 0;
  for (const each of versions) {
    const isKept =
      each.category === category && each.author !== patient && each.readings === undefined;
    if (isKept) newest = Math.max(newest, each.at + retention);
  }
  return newest;
}

/**
 * Requires that nothing keeps a category from erasure.
 *
 * @param category - The category.
 * @param until - First second at which it may be erased; 0 if nothing keeps it.
 * @param at - The moment, Unix seconds.
 * @throws MedsealError `RETENTION_ACTIVE`.
 */
export function requireUnretained(category: Category, until: number, at: number): void {
  if (at < until) throw retained(category, until);
}

/**
 * Returns the error of an erasure that comes too early.
 *
 * @param category - The category.
 * @param until - First second at which it may be erased.
 */
export function retained(category: Category, until: number): MedsealError {
  const moment = new Date(until * 1000).toISOString();
  return new MedsealError('RETENTION_ACTIVE', { category, until: `${moment.slice(0, 19)}Z` });
}
