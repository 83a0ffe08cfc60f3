import { canonicalJson } from '../wire/canonicalJson.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import type { Successor } from '../network/Successor.ts';
import { withReleases } from '../release/releasesIn.ts';
import type { Dealing } from './Dealing.ts';
import { draftOf } from './planDealing.ts';
import type { DealingState } from './DealingState.ts';

/**
 * Returns a change with the release keys that its deals make; as it was drafted while deals are missing. Signatures stay if the
 * keys do.
 *
 * @param predecessor - The file before.
 * @param state - The change, verified.
 * @param dealing - The same.
 */
export function nameKeys(
  predecessor: NetworkFile,
  { releases }: Pick<DealingState, 'releases'>,
  { channel: name, successor }: Pick<Dealing, 'channel' | 'successor'>,
): Successor {
  const was = predecessor.channels.find((each) => each.name === name);
  if (was === undefined) return successor;
  const draft = draftOf(successor, was);
  if (releases === undefined || releases.length === 0) return draft;
  const channels = draft.channels.map((each) => {
    return each.name === name ? withReleases(each, releases) : each;
  });
  const isNamed = canonicalJson(channels) === canonicalJson(successor.channels);
  return { ...draft, channels, signatures: isNamed ? successor.signatures : [] };
}
