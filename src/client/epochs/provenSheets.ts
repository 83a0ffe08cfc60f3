import type { Party } from '../party/Party.ts';
import type { OneCommitment } from '../../protocol/rights/commitmentFor.ts';
import type { EpochSheet } from '../../protocol/rights/epochs.ts';

/** Sheets that are remembered: a device that writes to many charts asks again for those it needed long ago. */
const MOST = 32;

const sheets = new WeakMap<Party, Map<string, EpochSheet>>();

/**
 * Remembers a sheet that was proven, for as long as a party is open. A commitment's root is over all bytes of its sheets, so an
 * epoch of the same commitment has no other sheet.
 *
 * @param party - The party that proved it.
 * @param committed - The commitment that it was proven by.
 * @param sheet - The sheet; nobody can change it from now on.
 */
export function rememberSheet(party: Party, committed: OneCommitment, sheet: EpochSheet): void {
  const known = sheets.get(party) ?? new Map<string, EpochSheet>();
  sheets.set(party, known);
  for (const each of [sheet.recipients, sheet.own ?? {}, sheet]) Object.freeze(each);
  known.set(nameOf(committed, sheet.epoch), sheet);
  const [oldest] = known.keys();
  if (known.size > MOST && oldest !== undefined) known.delete(oldest);
}

/**
 * Returns the sheet of an epoch if this party has proven it by the same commitment.
 *
 * @param party - The party.
 * @param committed - The commitment, as k coordinators confirm it now.
 * @param epoch - The epoch.
 */
export function provenSheet(
  party: Party,
  committed: OneCommitment,
  epoch: number,
): EpochSheet | undefined {
  return sheets.get(party)?.get(nameOf(committed, epoch));
}

function nameOf({ handle, first, count, root }: OneCommitment, epoch: number): string {
  return JSON.stringify([handle, first, count, root, epoch]);
}
