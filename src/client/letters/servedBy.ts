import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { DeviceBook } from '../party/DeviceBook.ts';
import type { DeviceStore } from '../party/DeviceStore.ts';
import type { Party } from '../party/Party.ts';
import { SERVED_NOTE, type ServedNote } from './DeviceNote.ts';

/** The organisation whose node serves a party that moved. */
export interface ServedBy {
  readonly organisation: Organisation;
  /** Address below which its node is, such as `https://medseal.pharmacy.example`; absent if the device called it by none. */
  readonly url?: string;
}

/** Seconds by which the clock of another device may be ahead. */
const AHEAD = 24 * 3600;

/** The newest move that a device knows. */
const SERVED = new DeviceBook({
  name: 'served-by',
  shape: SERVED_NOTE,
  keyOf: ({ kind }) => kind,
  most: 1,
});

/**
 * Returns the organisation that a party moved to, as far as this device knows.
 *
 * @param at - The party's device; no key is needed.
 * @returns Undefined for a party that never moved: its own organisation's node serves it.
 * @throws MedsealError `FOLDER_FOREIGN` if the device's folder was damaged.
 * @example
 * ```ts
 * await checkInbox(patient);
 * const moved = await servedBy(patient);
 * console.log(moved === undefined ? 'served as enrolled' : `served by ${moved.organisation}`);
 * ```
 */
export async function servedBy(at: {
  readonly device: DeviceStore;
}): Promise<ServedBy | undefined> {
  const [note] = await SERVED.read(at);
  return (
    note && { organisation: note.organisation, ...(note.url !== undefined && { url: note.url }) }
  );
}

/** Reads the note of this device about the party's move, if it moved. */
export async function readServedNotes(at: {
  readonly device: DeviceStore;
}): Promise<readonly ServedNote[]> {
  return await SERVED.read(at);
}

/**
 * Stores the latest of some notes about moves, unless the device knows a later one. A note whose moment has not come does not
 * count: nobody could move the party after it.
 *
 * @param at - The party's device, and its clock.
 * @param notes - Notes of the party's devices.
 * @returns The note that counts from now on, if there is one.
 */
export async function mergeServedNotes(
  at: Pick<Party, 'device' | 'clock'>,
  notes: readonly ServedNote[],
): Promise<ServedNote | undefined> {
  if (notes.length === 0) return (await SERVED.read(at))[0];
  const hasCome = (note: ServedNote): boolean => momentOf(at, note) !== undefined;
  return await SERVED.change(at, async ({ entries: [known], put }) => {
    const before = known !== undefined && hasCome(known) ? known : undefined;
    const newest = notes.filter(hasCome).reduce(later, before) ?? known;
    if (newest !== undefined && newest !== known) await put(newest);
    return newest;
  });
}

/**
 * Forgets the address of the node that serves a party, on this device and, by a later note, on the others: whoever had the
 * party's former key may have named it.
 *
 * @param at - The party's device, and its clock.
 */
export async function forgetServedUrl(at: Pick<Party, 'device' | 'clock'>): Promise<void> {
  await SERVED.change(at, async ({ entries: [known], put }) => {
    if (known?.url === undefined) return;
    const { kind, organisation } = known;
    const before = momentOf(at, known) ?? 0;
    await put({ kind, organisation, at: Math.max(seconds(at.clock), before + 1) });
  });
}

/**
 * Returns the moment of a move, by which the later of two counts.
 *
 * @param at - The party's clock.
 * @param note - The note of the move.
 * @returns Unix seconds; undefined if it has not come, also by a clock that is a day behind.
 */
export function momentOf({ clock }: Pick<Party, 'clock'>, { at }: ServedNote): number | undefined {
  return at <= seconds(clock) + AHEAD ? at : undefined;
}

/** Two devices may have moved in the same second: both have to come to the same end. */
function later(known: ServedNote | undefined, note: ServedNote): ServedNote {
  if (known === undefined || note.at > known.at) return note;
  return note.at === known.at && canonicalJson(note) > canonicalJson(known) ? note : known;
}
