import { concatBytes, equalBytes } from '../../src/crypto/bytes.ts';
import type { Dice } from '../simulation/Dice.ts';

/** Ways to alter what lies on a disk. */
export const WAYS = [
  'bit flipped',
  'bytes set',
  'truncated',
  'extended',
  'ranges swapped',
  'two exchanged',
  'older version',
  'deleted',
] as const;

export type AlterationKind = (typeof WAYS)[number];

/** Things that can be altered, by their names. */
export type Things = ReadonlyMap<string, Uint8Array>;

/** New bytes of altered things, by name; undefined if deleted. */
export type Changes = ReadonlyMap<string, Uint8Array | undefined>;

/** One alteration. */
export interface Alteration {
  readonly way: AlterationKind;
  readonly changes: Changes;
  /** Description of the alteration, for a person. */
  readonly what: string;
}

/** The longest run of bytes that is set, swapped or added. */
const RUN = 64;

/**
 * Draws an alteration that changes something.
 *
 * @param dice - All that is chosen follows from them.
 * @param things - The present things; not empty.
 * @param older - The same things at an earlier time.
 */
export function alter(dice: Dice, things: Things, older: Things): Alteration {
  const names = [...things.keys()];
  for (;;) {
    const way = dice.pick(WAYS);
    const name = dice.pick(names);
    const bytes = things.get(name) ?? new Uint8Array(0);
    const other = dice.pick(names);
    const drawn = draw(dice, way, { bytes, other: things.get(other), older: older.get(name) });
    if (drawn === undefined || (way === 'two exchanged' && other === name)) continue;
    const changes = new Map<string, Uint8Array | undefined>([[name, drawn.bytes]]);
    if (way === 'two exchanged') changes.set(other, bytes);
    const isSame = [...changes].every(([each, value]) => {
      const now = things.get(each);
      return value !== undefined && now !== undefined && equalBytes(now, value);
    });
    if (isSame) continue;
    const where = way === 'two exchanged' ? ` with ${other}` : drawn.where;
    return { way, changes, what: `${name}: ${way}${where}` };
  }
}

interface Drawn {
  readonly bytes: Uint8Array | undefined;
  readonly where: string;
}

function draw(
  dice: Dice,
  way: AlterationKind,
  {
    bytes,
    other,
    older,
  }: Record<'bytes', Uint8Array> & {
    other?: Uint8Array | undefined;
    older?: Uint8Array | undefined;
  },
): Drawn | undefined {
  const { length } = bytes;
  if (way === 'deleted') return { bytes: undefined, where: '' };
  if (way === 'older version') return older && { bytes: older, where: '' };
  if (way === 'two exchanged') return other && { bytes: other, where: '' };
  if (way === 'extended') {
    const more = randomBytes(dice, dice.between(1, RUN));
    return { bytes: concatBytes(bytes, more), where: ` by ${more.length} bytes` };
  }
  return length === 0 ? undefined : within(dice, way, bytes);
}

/** Draws an alteration that needs at least one byte. */
function within(dice: Dice, way: AlterationKind, bytes: Uint8Array): Drawn {
  const { length } = bytes;
  const at = dice.between(0, length - 1);
  const run = Math.min(dice.between(1, RUN), length - at);
  const changed = Uint8Array.from(bytes);
  if (way === 'truncated') return { bytes: bytes.subarray(0, at), where: ` to ${at} bytes` };
  if (way === 'bit flipped') {
    const bit = dice.between(0, 7);
    changed[at] = (changed[at] ?? 0) ^ (1 << bit);
    return { bytes: changed, where: ` at byte ${at}, bit ${bit}` };
  }
  if (way === 'bytes set') {
    changed.set(randomBytes(dice, run), at);
    return { bytes: changed, where: `, ${run} at byte ${at}` };
  }
  const from = dice.between(0, length - run);
  changed.set(bytes.subarray(from, from + run), at);
  changed.set(bytes.subarray(at, at + run), from);
  return { bytes: changed, where: `, ${run} bytes at ${at} and at ${from}` };
}

function randomBytes(dice: Dice, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => dice.between(0, 255));
}
