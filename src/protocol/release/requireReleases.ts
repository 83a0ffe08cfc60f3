import { MedsealError } from '../../errors/MedsealError.ts';
import { canonicalJson } from '../wire/canonicalJson.ts';
import type { Channel, Member, NetworkFile, ReleaseKey } from '../network/NetworkFile.ts';
import { indicesIn, releasesIn } from './releasesIn.ts';

/**
 * Requires that a successor treats the release keys of its channels as it must: none goes without a new one in its place, each
 * organisation that coordinates has a share of each, as many as judge a view open, and if either of that changes, or any
 * share, all shares of the key were dealt again. Nobody gets an index that another organisation has or had.
 *
 * @param predecessor - The file before, trusted.
 * @param network - The file that follows, parsed.
 * @throws MedsealError `SUCCESSOR_INVALID`.
 */
export function requireReleases(predecessor: NetworkFile, network: NetworkFile): void {
  for (const channel of network.channels) {
    const before = keysBefore(predecessor, channel);
    const after = releasesIn(channel);
    requireKept(channel.name, before, after);
    requireIndices(predecessor, channel);
    for (const key of after) {
      const { name, coordinators, thresholds } = channel;
      const was = before.find(({ publicKey }) => publicKey === key.publicKey);
      if (was !== undefined && isPartlySame(was, key)) {
        throw invalid(`some shares of the release key of ${name} were dealt again, and others not`);
      }
      if (key.shares.length < coordinators.length) {
        throw invalid(`a coordinator of ${name} has no share of its release key`);
      }
      if (key.threshold !== thresholds.views) {
        throw invalid(`the release key of ${name} has another threshold than views`);
      }
    }
  }
}

/**
 * Returns the coordinators that must say by their signature that they hold their share: all of a channel in which a key is new, or
 * whose shares are dealt again.
 *
 * @param predecessor - The file before.
 * @param channel - The channel in the file that follows.
 */
export function holdersToSign(predecessor: NetworkFile, channel: Channel): readonly Member[] {
  const before = keysBefore(predecessor, channel);
  const isDealt = releasesIn(channel).some(({ publicKey, shares }) => {
    const was = before.find((key) => key.publicKey === publicKey);
    return canonicalJson(was?.shares ?? []) !== canonicalJson(shares);
  });
  return isDealt ? channel.coordinators : [];
}

function keysBefore({ channels }: NetworkFile, { name }: Channel): readonly ReleaseKey[] {
  const was = channels.find((each) => each.name === name);
  return was === undefined ? [] : releasesIn(was);
}

/** A key that is new can take the place of all; else they stay, in their order. */
function requireKept(
  name: string,
  before: readonly ReleaseKey[],
  after: readonly ReleaseKey[],
): void {
  const known = new Set(before.map(({ publicKey }) => publicKey));
  const [newest, ...formers] = after.map(({ publicKey }) => publicKey);
  const isNew = newest !== undefined && !known.has(newest);
  const kept = (isNew ? formers : after.map(({ publicKey }) => publicKey)).join(' ');
  const all = before.map(({ publicKey }) => publicKey).join(' ');
  if (kept === all || (isNew && kept === '')) return;
  throw invalid(`it lacks a release key of ${name}, or has them in another order`);
}

function requireIndices(predecessor: NetworkFile, channel: Channel): void {
  const given = indicesIn(predecessor, channel.name);
  for (const { organisation, index } of releasesIn(channel).flatMap(({ shares }) => shares)) {
    const [owner] = [...given].find(([, each]) => each === index) ?? [];
    if (owner !== undefined && owner !== organisation) {
      throw invalid(`${organisation} has the index of ${owner} in the release key`);
    }
    if ((given.get(organisation) ?? index) === index) continue;
    throw invalid(`${organisation} has another index in the release key than before`);
  }
}

/** Tells whether two states of one key share some, but not all: one who left could still open with a share of before. */
function isPartlySame(before: ReleaseKey, after: ReleaseKey): boolean {
  if (canonicalJson(before) === canonicalJson(after)) return false;
  const known = new Set(before.shares.map(({ key }) => key));
  return after.shares.some(({ key }) => known.has(key));
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
