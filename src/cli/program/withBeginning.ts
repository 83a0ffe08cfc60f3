import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';

/** An id, or its beginning, that was named on the command line. */
export interface NamedId {
  /** As it was written. */
  readonly id: string;
  /** With `0x`. */
  readonly beginning: Bytes32;
}

/**
 * Reads an id, or its beginning, before anything is looked up for it.
 *
 * @param id - Four hexadecimal digits or more, with or without `0x`.
 * @param what - Its thing, for an error: `record`.
 * @throws MedsealError `ARGUMENT_INVALID` if it is not one.
 */
export function readNamedId(id: string, what: string): NamedId {
  const beginning = id.startsWith('0x') ? id : `0x${id}`;
  if (/^0x[0-9a-f]{4,64}$/.test(beginning)) return { id, beginning: beginning as Bytes32 };
  const reason = `give four hexadecimal digits of the ${what}’s id, or more`;
  throw new MedsealError('ARGUMENT_INVALID', { argument: id, reason });
}

/**
 * Returns the things whose id begins as it was named.
 *
 * @param named - The beginning.
 * @param things - All of them, in any order.
 * @param idOf - The id of one; several things may share one.
 * @throws MedsealError `ARGUMENT_INVALID` if several ids begin so.
 */
export function withBeginning<Thing>(
  { id, beginning }: NamedId,
  things: readonly Thing[],
  idOf: (thing: Thing) => string,
): readonly Thing[] {
  const found = things.filter((each) => idOf(each).startsWith(beginning));
  if (new Set(found.map(idOf)).size > 1) {
    const reason = 'several ids begin like this; give more of the id';
    throw new MedsealError('ARGUMENT_INVALID', { argument: id, reason });
  }
  return found;
}
