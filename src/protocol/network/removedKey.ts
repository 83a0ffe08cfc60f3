import { MedsealError } from '../../errors/MedsealError.ts';
import type { Organisation } from '../ids.ts';
import { coordinatorsIn, organisationName, presentNodes } from './networkLookups.ts';
import type { NetworkFile } from './NetworkFile.ts';
import type { Successor } from './Successor.ts';

/**
 * Returns those who sign that consensus power is taken from a validator's key at once, by the file before: all organisations with a
 * coordinator at the Registry, other than its own.
 *
 * @param predecessor - The file before.
 * @param organisation - The organisation whose validator it is.
 */
export function removalOffice(
  predecessor: NetworkFile,
  organisation: Organisation,
): NetworkFile['authority'] {
  const [channel] = predecessor.channels.map(coordinatorsIn);
  const members = channel?.members.filter((each) => each.organisation !== organisation) ?? [];
  return { threshold: new Set(members.map((each) => each.organisation)).size, members };
}

/**
 * Requires that the key from which a successor takes power at once is that of a validator of the file before, and that it replaces none.
 *
 * @param predecessor - The file before.
 * @param successor - The successor.
 * @throws MedsealError `SUCCESSOR_INVALID`.
 */
export function requireRemoval(
  predecessor: NetworkFile,
  { removal, replacement }: Pick<Successor, 'removal' | 'replacement'>,
): void {
  if (removal === undefined) return;
  if (replacement !== undefined) {
    throw invalid('it takes power from a key at once, and cannot replace one too');
  }
  const { key } = removal.message;
  const organisation = organisationName(removal.message.organisation);
  const node = presentNodes(predecessor).find((each) => each.organisation === organisation);
  if (node?.validator?.key === key) return;
  throw invalid(
    `the key from which it takes power is not that of the validator of ${organisation}`,
  );
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
