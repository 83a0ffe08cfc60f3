import type { Organisation } from '../ids.ts';
import type { Channel, NetworkFile, ReleaseKey } from '../network/NetworkFile.ts';

/** A channel with its release keys. */
type Guarded = Pick<Channel, 'release' | 'formerReleases'>;

/**
 * Returns the release keys of a channel: the present one, then those of before, newest first.
 *
 * @param channel - The channel.
 */
export function releasesIn({ release, formerReleases = [] }: Guarded): readonly ReleaseKey[] {
  return release === undefined ? [] : [release, ...formerReleases];
}

/**
 * Returns a channel with other release keys.
 *
 * @param channel - The channel.
 * @param releases - The present key, then those of before, newest first; none if empty.
 */
export function withReleases(
  { release: _release, formerReleases: _formers, ...rest }: Channel,
  [release, ...formerReleases]: readonly ReleaseKey[],
): Channel {
  return {
    ...rest,
    ...(release && { release }),
    ...(formerReleases.length > 0 && { formerReleases }),
  };
}

/**
 * Returns the indices that organisations have or had in the release keys of a channel; none is given to another one.
 *
 * @param network - The network file; those before it count too.
 * @param name - The channel's name.
 */
export function indicesIn(
  { before = [], channels }: Pick<NetworkFile, 'before' | 'channels'>,
  name: string,
): ReadonlyMap<Organisation, number> {
  const all = [...before.flatMap((file) => file.channels), ...channels]
    .filter((channel) => channel.name === name)
    .flatMap(releasesIn)
    .flatMap(({ shares }) => shares);
  return new Map(all.map(({ organisation, index }) => [organisation, index]));
}
