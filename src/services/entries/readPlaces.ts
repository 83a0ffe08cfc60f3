import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { EntryPlace } from './placesInLogs.ts';

/**
 * Reads the entries at places, those of one log together.
 *
 * @param places - The places, of any logs.
 * @returns In their order; undefined for one that is not there, or whose body was erased.
 */
export async function readPlaces(
  places: readonly (EntryPlace | undefined)[],
): Promise<readonly (Acknowledgement | undefined)[]> {
  const found: (Acknowledgement | undefined)[] = places.map(() => undefined);
  const reading = [...new Set(places.flatMap((each) => each?.log ?? []))].map(async (log) => {
    const here = [...places.entries()].flatMap(([nth, each]) =>
      each?.log === log ? [{ nth, index: each.index }] : [],
    );
    const read = await log.readAt(here.map(({ index }) => index));
    for (const [i, { nth }] of here.entries()) found[nth] = read[i];
  });
  await Promise.all(reading);
  return found;
}
