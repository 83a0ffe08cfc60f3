import { seconds } from '../../protocol/Clock.ts';
import { ADDRESS, BYTES32, MapOf } from '../../protocol/wire/findShapeError.ts';
import { shapeOfType } from '../../protocol/shapes/shapeOfType.ts';
import { DeviceBook, fairly } from '../party/DeviceBook.ts';
import type { Party } from '../party/Party.ts';
import type { OpenedLetter } from './letters.ts';

/** Seconds that a letter can wait at most, at honest nodes. */
const LONGEST_WAIT = 90 * 24 * 3600;

/** A letter that nobody can judge yet; its content is judged when it is taken. */
interface HeldLetter extends Omit<OpenedLetter, 'content'> {
  readonly content: Readonly<Record<string, unknown>>;
}

/**
 * Letters that nobody can judge yet, of which nodes delete theirs: letters that stayed would fill the first page of an
 * inbox. A node that lies can make up letters of any number of senders.
 */
const HELD = new DeviceBook({
  name: 'held-letters',
  shape: shapeOfType<HeldLetter>('HeldLetter')({
    id: BYTES32,
    from: ADDRESS,
    until: 'count',
    signer: ADDRESS,
    content: new MapOf(/^/, 'any'),
  }),
  keyOf: ({ id }) => id,
  most: 128,
  within: fairly(8, ({ from }) => from),
});

/** Returns the letters that a device holds, the newest last. */
export async function readHeld(party: Party): Promise<readonly OpenedLetter[]> {
  return (await HELD.read(party)) as readonly unknown[] as readonly OpenedLetter[];
}

/**
 * Stores a letter, so that nodes may delete it.
 *
 * @param party - The reader.
 * @param letter - The letter.
 * @returns Letters that had to go for room.
 */
export async function holdLetter(
  party: Party,
  letter: OpenedLetter,
): Promise<readonly Pick<OpenedLetter, 'id'>[]> {
  return await HELD.put(party, letter as unknown as HeldLetter);
}

/** Removes letters that were judged. */
export async function dropHeld(
  party: Party,
  letters: readonly Pick<OpenedLetter, 'id'>[],
): Promise<void> {
  await HELD.remove(
    party,
    letters.map(({ id }) => id),
  );
}

/** Tells whether the time of a letter has passed: what would prove it comes no more. */
export function isOver(party: Party, { until }: Pick<OpenedLetter, 'until'>): boolean {
  const now = seconds(party.clock);
  return until < now || until > now + LONGEST_WAIT;
}
