import type { Primitives } from '../../crypto/Primitives.ts';
import type { Joining } from '../../crypto/threshold/joinDeals.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { canonicalHash } from '../wire/canonicalHash.ts';
import { canonicalJson } from '../wire/canonicalJson.ts';
import type { Address, Bytes32, Hex, Organisation } from '../ids.ts';
import type { Channel, Member, NetworkFile, ReleaseKey } from '../network/NetworkFile.ts';
import { parseNetworkFile } from '../network/parseNetworkFile.ts';
import { indicesIn, releasesIn, withReleases } from '../release/releasesIn.ts';
import type { Successor } from '../network/Successor.ts';
import { successorOf } from '../network/successorOf.ts';
import type { Dealing, DealtKind } from './Dealing.ts';

/** A release key whose shares a change deals. */
export interface KeyToDeal {
  /** Its public key if its shares are dealt again; undefined for a new one. */
  readonly publicKey: Hex | undefined;
  readonly joining: Joining;
  /** Those who can deal: their index, and the public key of the share that they deal again. */
  readonly dealers: ReadonlyMap<Organisation, { readonly index: number; readonly key?: Hex }>;
  /** Number of deals that it takes. */
  readonly needed: number;
}

/** The deals of a change, as they follow from the file before and its terms: nobody has to be believed. */
export interface DealingPlan {
  /** Digest of all terms. */
  readonly ceremony: Bytes32;
  /** Number of shares that open. */
  readonly threshold: number;
  /** Those who get shares, with the index and the coordinator's key that the new file names. */
  readonly members: readonly (Member & { readonly index: number })[];
  readonly keys: readonly KeyToDeal[];
  /** Keys of before that stay as they are, behind those that are dealt. */
  readonly kept: readonly ReleaseKey[];
  /** The address that signs for an organisation; undefined if it has no part. */
  signerOf(organisation: Organisation): Address | undefined;
  /**
   * The address of an organisation's coordinator in the file before, if the change gives it another one. Whoever drafts a change
   * can name any key for it; so that no share goes to a stranger, the known one must sign for its recipient too.
   */
  formerOf(organisation: Organisation): Address | undefined;
}

/**
 * Plans how a change deals shares of a channel's release keys. All who coordinate get one; as many open as judge a view. An
 * organisation keeps its index, and nobody gets that of another one, also if it left.
 *
 * @param primitives - SHA-256.
 * @param predecessor - The file before, trusted.
 * @param dealing - The change; its shape is right, nothing else is trusted.
 * @throws MedsealError `SUCCESSOR_INVALID` if the change can deal nothing so; `NETWORK_FILE_INVALID` if the file that it makes
 * would not be valid: its shares would open together all the same.
 */
export function planDealing(
  primitives: Pick<Primitives, 'sha256'>,
  predecessor: NetworkFile,
  { channel: name, release, successor }: Pick<Dealing, 'channel' | 'release' | 'successor'>,
): DealingPlan {
  const was = predecessor.channels.find((each) => each.name === name);
  const channel = successor.channels.find((each) => each.name === name);
  if (was === undefined || channel === undefined) throw invalid(`it has no channel ${name}`);
  requireOthersKept(predecessor, name, successor);
  requireValid(primitives, predecessor, name, successor);
  const before = releasesIn(was);
  if (release === 'refresh' && before.length === 0) {
    throw invalid(`${name} has no release key whose shares could be dealt again`);
  }
  const members = withIndices(indicesIn(predecessor, name), channel.coordinators);
  const isAgain = release === 'refresh' || (release === 'new' && isDue(was, channel));
  const fresh = freshKey(members, members.length);
  const old = new Map(was.coordinators.map(({ organisation, address }) => [organisation, address]));
  const present = new Map(members.map(({ organisation, address }) => [organisation, address]));
  return {
    ceremony: ceremonyOf(primitives, { name, release, was }, successor),
    threshold: channel.thresholds.views,
    members,
    keys: [...(release === 'refresh' ? [] : [fresh]), ...(isAgain ? before.map(againOf) : [])],
    kept: release === 'new' && !isAgain ? before : [],
    signerOf: (organisation) => present.get(organisation) ?? old.get(organisation),
    formerOf(organisation) {
      const known = old.get(organisation);
      return known === present.get(organisation) ? undefined : known;
    },
  };
}

/**
 * Returns a key that is new, of which all members can deal.
 *
 * @param members - The members.
 * @param needed - Number of deals that it takes.
 */
export function freshKey(members: DealingPlan['members'], needed: number): KeyToDeal {
  const dealers = new Map(members.map(({ organisation, index }) => [organisation, { index }]));
  return { publicKey: undefined, joining: 'founding', dealers, needed };
}

/**
 * Tells whether shares of a channel's release keys are to be dealt again, because others coordinate, or another number is to
 * open.
 *
 * @param before - The channel.
 * @param after - The same in the file that follows; which keys that names does not matter.
 */
export function isDue(before: Channel, after: Channel): boolean {
  const names = new Set(after.coordinators.map(({ organisation }) => organisation));
  return releasesIn(before).some(
    ({ threshold, shares }) =>
      threshold !== after.thresholds.views ||
      shares.length !== names.size ||
      shares.some(({ organisation }) => !names.has(organisation)),
  );
}

/**
 * Returns a change as it was before it named keys and was signed.
 *
 * @param successor - The change.
 * @param was - The channel in the file before.
 */
export function draftOf(successor: Successor, was: Channel): Successor {
  const channels = successor.channels.map((each) => {
    return each.name === was.name ? withReleases(each, releasesIn(was)) : each;
  });
  return { ...successor, channels, signatures: [] };
}

/** Deals are of one channel; nobody could verify a release key that the change brings into another. */
function requireOthersKept(
  predecessor: NetworkFile,
  name: Channel['name'],
  { channels }: Successor,
): void {
  for (const channel of channels) {
    if (channel.name === name) continue;
    const was = predecessor.channels.find((each) => each.name === channel.name);
    const [before, after] = [was === undefined ? [] : releasesIn(was), releasesIn(channel)];
    if (canonicalJson(before) === canonicalJson(after)) continue;
    throw invalid(
      `it changes the release keys of ${channel.name} too: deal those by a change of their own`,
    );
  }
}

/** The file that the change makes, without the release keys that are to be dealt, is valid: its thresholds are quorums. */
function requireValid(
  primitives: Pick<Primitives, 'sha256'>,
  predecessor: NetworkFile,
  name: Channel['name'],
  successor: Successor,
): void {
  const channels = successor.channels.map((channel) => {
    return channel.name === name ? withReleases(channel, []) : channel;
  });
  parseNetworkFile(successorOf(primitives, predecessor, { ...successor, channels }));
}

function againOf({ publicKey, shares, threshold }: ReleaseKey): KeyToDeal {
  return {
    publicKey,
    joining: 'resharing',
    dealers: new Map(shares.map(({ organisation, index, key }) => [organisation, { index, key }])),
    needed: threshold,
  };
}

function withIndices(
  given: ReadonlyMap<Organisation, number>,
  coordinators: readonly Member[],
): DealingPlan['members'] {
  let last = Math.max(0, ...given.values());
  return coordinators.map(({ organisation, address }) => {
    const index = given.get(organisation) ?? ++last;
    return { organisation, address, index };
  });
}

function ceremonyOf(
  { sha256 }: Pick<Primitives, 'sha256'>,
  {
    name,
    release,
    was,
  }: { readonly name: string; readonly release: DealtKind; readonly was: Channel },
  successor: Successor,
): Bytes32 {
  const { number, predecessor, from, authority, channels, nodes } = draftOf(successor, was);
  const terms = {
    format: 'medseal-ceremony/1',
    channel: name,
    release,
    change: { number, predecessor, from, authority, channels, ...(nodes && { nodes }) },
  };
  return canonicalHash({ sha256 }, terms);
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
