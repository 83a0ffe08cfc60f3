import { base64 } from '@scure/base';
import { bytesToUtf8, hexToBytes } from '../../crypto/bytes.ts';
import { ageIdentity, recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { openBytes } from '../../crypto/sealing/openBytes.ts';
import type { KeyShare } from '../../crypto/threshold/KeyShare.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Acknowledgement } from '../../protocol/evidence.ts';
import type { Bytes32, Hex } from '../../protocol/ids.ts';
import { isOfShape } from '../../protocol/isOfShape.ts';
import { MOST_RELEASED, type ReleaseAsked } from '../../protocol/release/ReleaseAsked.ts';
import type { ReleasedShares } from '../../protocol/release/ReleasedShares.ts';
import { readerSalt } from '../../protocol/release/readerSalt.ts';
import { releaseKeyOf, type ChannelKey } from '../../protocol/release/releaseKeyOf.ts';
import { verifyRelease } from '../../protocol/release/verifyRelease.ts';
import type { Party } from '../party/Party.ts';

/** Shares that organisations released for a view, or why too few did. */
export type SharesReleased = readonly KeyShare[] | MedsealError;

/** A reader of several record versions at once, with a recipient of its own for what is released for them. */
export interface Reader {
  /** The salt of the view at a place, which commits to the recipient. */
  saltOf(place: number): Hex;
  /**
   * Collects the shares that are released for acknowledged views.
   * @param views - The acknowledgement of the view at each place; undefined for one that was refused.
   * @param support - Openings by which coordinators judge again.
   * @returns Shares for each place, or why too few organisations released them.
   */
  collect(
    views: readonly (Acknowledgement | undefined)[],
    support: Pick<ReleaseAsked, 'opening' | 'will'>,
  ): Promise<readonly SharesReleased[]>;
}

const SHARES = { format: /^medseal-shares\/1$/, shares: [/^0x[0-9a-f]{96}$/] } as const;

/**
 * Makes a reader with a fresh recipient, which lives no longer than the reading.
 *
 * @param party - The party that reads.
 * @returns Undefined if the channel's records open without a release.
 */
export async function newReader(party: Party): Promise<Reader | undefined> {
  const { network, log, primitives, cipher, random } = party;
  const key = releaseKeyOf(network, log);
  if (key === undefined) return undefined;
  const identity = ageIdentity(random(32));
  const recipient = await recipientOf(identity, cipher?.kem);
  return {
    saltOf: (place) => readerSalt(primitives, recipient, place),
    async collect(views, support) {
      const evidence = new Map<number, SharesReleased>();
      const wanted = views.flatMap((view, place) => (view === undefined ? [] : [{ view, place }]));
      for (let from = 0; from < wanted.length; from += MOST_RELEASED) {
        const group = wanted.slice(from, from + MOST_RELEASED);
        const found = await askFor(party, key, { identity, recipient }, group, support);
        for (const [place, each] of found) evidence.set(place, each);
      }
      return views.map(
        (_, place) => evidence.get(place) ?? new MedsealError('RELEASE_UNKNOWN', {}),
      );
    },
  };
}

interface Fresh {
  readonly identity: string;
  readonly recipient: string;
}

async function askFor(
  party: Party,
  key: ChannelKey,
  fresh: Fresh,
  group: readonly { readonly view: Acknowledgement; readonly place: number }[],
  support: Pick<ReleaseAsked, 'opening' | 'will'>,
): Promise<ReadonlyMap<number, SharesReleased>> {
  try {
    const views = group.map(({ view: { index }, place }) => ({ index, place }));
    const { recipient } = fresh;
    const answers = await party.agent.release({ recipient, views, ...support });
    const shares = new Map<Bytes32, KeyShare[]>();
    for (const released of answers) await addShares(party, key, fresh, released, shares);
    return new Map(
      group.map(({ view: { entry }, place }) => {
        const given = shares.get(entry) ?? [];
        const [have, need] = [given.length, key.threshold];
        return [place, have < need ? new MedsealError('RELEASE_PENDING', { have, need }) : given];
      }),
    );
  } catch (error) {
    return new Map(group.map(({ place }) => [place, toMedsealError(error)]));
  }
}

/** Adds what one coordinator released; what does not hold is left out, as if it had not come. */
async function addShares(
  party: Party,
  key: ChannelKey,
  { identity, recipient }: Fresh,
  released: ReleasedShares,
  shares: Map<Bytes32, KeyShare[]>,
): Promise<void> {
  const { network, log, cipher } = party;
  const organisation = verifyRelease(party, network, log, recipient, released);
  const index = organisation === undefined ? undefined : key.indices.get(organisation);
  if (index === undefined) return;
  const opened = await openedShares(identity, released, cipher === undefined ? {} : { cipher });
  for (const [place, entry] of released.entries.entries()) {
    const share = opened[place];
    const given = shares.get(entry) ?? [];
    if (share === undefined || given.some((each) => each.index === index)) continue;
    shares.set(entry, [...given, { index, share: hexToBytes(share) }]);
  }
}

async function openedShares(
  identity: string,
  { sealed }: ReleasedShares,
  options: Parameters<typeof openBytes>[2],
): Promise<readonly Hex[]> {
  try {
    const opened = await openBytes([identity], base64.decode(sealed), options);
    const value: unknown = JSON.parse(bytesToUtf8(opened));
    return isOfShape(SHARES, value) ? (value.shares as readonly Hex[]) : [];
  } catch {
    return [];
  }
}
