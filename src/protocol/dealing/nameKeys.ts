import { canonicalJson } from '../canonicalJson.ts';
import type { NetworkFile } from '../NetworkFile.ts';
import type { Successor } from '../Successor.ts';
import type { Dealing } from './Dealing.ts';
import { draftOf } from './planDealing.ts';
import type { DealingState } from './verifyDealing.ts';

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
  const [release, ...formerReleases] = releases ?? [];
  if (release === undefined) return draft;
  const channels = draft.channels.map((each) => {
    if (each.name !== name) return each;
    const { formerReleases: _formers, ...rest } = each;
    return { ...rest, release, ...(formerReleases.length > 0 && { formerReleases }) };
  });
  const isNamed = canonicalJson(channels) === canonicalJson(successor.channels);
  return { ...draft, channels, signatures: isNamed ? successor.signatures : [] };
}
