import { seconds } from '../../protocol/Clock.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { BYTES32 } from '../../protocol/wire/findShapeError.ts';
import type { Handle, Hex } from '../../protocol/ids.ts';
import type { PairInSet } from '../../protocol/release/releasedView.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { DeviceBook } from '../party/DeviceBook.ts';
import type { Party } from '../party/Party.ts';

/** A place of the device that a kept record has: it tells nothing of the record but how long it stays. */
const KEPT_PLACE = {
  slot: 'count',
  /** Until when it may be opened, Unix seconds. */
  keep: 'count',
  /** Digest of the grant that its view relied on, or `ZERO32`. */
  grant: BYTES32,
  /** Hash of the sealed file. */
  file: BYTES32,
} as const;
export type KeptPlace = Of<typeof KEPT_PLACE>;

/** Head of what a device keeps of a record, before its sealed file. */
export interface KeptHead {
  readonly format: 'medseal-kept/1';
  readonly handle: Handle;
  /** The version's entry, by which the file is verified. */
  readonly entry: Acknowledgement;
  /** The view that says until when the device may open it. */
  readonly view: Acknowledgement;
  /** The record version among those of the view, if that is of several. */
  readonly pair?: PairInSet;
  /** Key of this one file, 16 bytes. */
  readonly key: Hex;
}

/** Most records that are kept at once: the oldest go. */
const MOST = 4096;
/** The slots that are taken. */
const PLACES = new DeviceBook({
  name: 'kept',
  shape: KEPT_PLACE,
  keyOf: ({ file }) => file,
  most: MOST,
});

/**
 * Returns the places of a device that have kept records, whether they are over or not.
 *
 * @param party - The device.
 */
export async function keptPlaces(party: Pick<Party, 'device'>): Promise<readonly KeptPlace[]> {
  return await PLACES.read(party);
}

/**
 * Stores a record in a free place, or in the one that its file had.
 *
 * @param party - The device.
 * @param place - Its row of the index.
 * @param sealed - The record, sealed to the device.
 */
export async function storeKept(
  party: Pick<Party, 'device'>,
  place: Omit<KeptPlace, 'slot'>,
  sealed: string,
): Promise<void> {
  await PLACES.change(party, async ({ entries: places, put }) => {
    const others = places.filter(({ file }) => file !== place.file);
    const taken = new Set(others.map(({ slot }) => slot));
    // In its own place: whatever lies in one that no row names is never deleted.
    let slot = places.find(({ file }) => file === place.file)?.slot ?? 0;
    while (taken.has(slot)) slot += 1;
    for (const { slot: former } of others.slice(0, Math.max(0, places.length + 1 - MOST))) {
      await party.device.write(nameOf(former), null);
    }
    // The index first: nothing lies on the device that it does not name, and that would never be deleted.
    await put({ slot, ...place });
    await party.device.write(nameOf(slot), sealed);
  });
}

/**
 * Returns what a place holds, sealed to the device.
 *
 * @param party - The device.
 * @param place - The place.
 * @returns Undefined if nothing does: a crash may have come between the index and the record.
 */
export async function keptAt(
  { device }: Pick<Party, 'device'>,
  { slot }: KeptPlace,
): Promise<string | undefined> {
  const value = await device.read(nameOf(slot));
  return typeof value === 'string' ? value : undefined;
}

/**
 * Deletes kept records whose time is over, and those that are to go before.
 *
 * @param party - The device.
 * @param goes - Tells which others go; none if absent.
 * @returns Moment at which the next one goes, Unix seconds; undefined if nothing is kept.
 */
export async function forgetKept(
  party: Pick<Party, 'device' | 'clock'>,
  goes: (place: KeptPlace) => boolean = () => false,
): Promise<number | undefined> {
  const now = seconds(party.clock);
  const isOver = (place: KeptPlace): boolean => place.keep <= now || goes(place);
  const before = await keptPlaces(party);
  if (!before.some(isOver)) return nextOf(before);
  return await PLACES.change(party, async ({ entries: places, remove }) => {
    const over = places.filter(isOver);
    for (const { slot } of over) await party.device.write(nameOf(slot), null);
    await remove(over.map(({ file }) => file));
    return nextOf(places.filter((place) => !isOver(place)));
  });
}

function nextOf(places: readonly KeptPlace[]): number | undefined {
  return places.length === 0 ? undefined : Math.min(...places.map(({ keep }) => keep));
}

function nameOf(slot: number): string {
  return `kept-${slot}`;
}
