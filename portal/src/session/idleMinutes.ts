import type { Shelf } from '../vault/openShelf.ts';

/** Minutes without its person after which a page locks, as a person can choose them. */
export const IDLE_MINUTES = [2, 5, 10, 30] as const;

/** One of the choices. */
export type IdleMinutes = (typeof IDLE_MINUTES)[number];

const NAME = 'idle-minutes';
const USUAL: IdleMinutes = 10;

/** Returns the choice of this browser; 10 if nothing was chosen. */
export async function readIdleMinutes(shelf: Pick<Shelf, 'read'>): Promise<IdleMinutes> {
  const kept = await shelf.read(NAME);
  return IDLE_MINUTES.find((each) => each === kept) ?? USUAL;
}

/** Keeps a choice; it counts from the next time that the page is unlocked. */
export async function keepIdleMinutes(
  shelf: Pick<Shelf, 'write'>,
  minutes: IdleMinutes,
): Promise<void> {
  await shelf.write(NAME, minutes);
}
