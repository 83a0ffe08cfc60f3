import { base64 } from '@scure/base';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { ageIdentity, recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { openBytes } from '../../crypto/sealing/openBytes.ts';
import type { KeyShare } from '../../crypto/threshold/KeyShare.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { ZERO32, type Bytes32, type Hex, type Organisation } from '../../protocol/ids.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import { listRoot } from '../../protocol/wire/listRoot.ts';
import {
  MOST_RELEASED,
  type ReleaseAsked,
  type SealAsked,
} from '../../protocol/release/ReleaseAsked.ts';
import { releasedName, type PairInSet } from '../../protocol/release/releasedView.ts';
import { sealHash, shareHash, type SaltedShare } from '../../protocol/release/releasedShare.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { ReleasedShares } from '../../protocol/release/ReleasedShares.ts';
import { parseSealedShares } from '../../protocol/release/parseSealedShares.ts';
import { readerSalt } from '../../protocol/release/readerSalt.ts';
import { releaseKeyOf, type ChannelKey } from '../../protocol/release/releaseKeyOf.ts';
import { finalRefusal, refusalsOf } from '../../protocol/release/refusalsOf.ts';
import { releasePending } from '../../protocol/release/releasePending.ts';
import { verifyRelease, type SharesWanted } from '../../protocol/release/verifyRelease.ts';
import { pairLeaf } from '../../protocol/evidence/viewSet.ts';
import { followNetwork } from '../party/followNetwork.ts';
import type { Party } from '../party/Party.ts';

/** A share that an organisation released for a view, with all that it released with it. */
export interface ShareReleased extends KeyShare {
  readonly organisation: Organisation;
  /** The same with its salt, as the organisation signed it. */
  readonly salted: SaltedShare;
  /** The organisation's statement. */
  readonly statement: Omit<ReleasedShares, 'sealed' | 'refused'>;
  /** Hashes of all its shares, and of the seals that they open, in the order of the entries. */
  readonly hashes: readonly Bytes32[];
  readonly seals: readonly Bytes32[];
}

/** Shares that organisations released for a view. */
export interface ViewReleased {
  readonly view: Acknowledgement;
  /** The reader's recipient, and the place of the view, to which its salt commits. */
  readonly recipient: string;
  readonly place: number;
  /** The record version, if the view is of a set. */
  readonly pair?: PairInSet;
  /** The seal that they open. */
  readonly seal: Hex;
  readonly encapsulation: Bytes32;
  /** The release key of which they are shares. */
  readonly key: ChannelKey;
  /** At least as many as open the version, if they are true. */
  readonly shares: readonly ShareReleased[];
  /**
   * Asks for the shares of others than some organisations, whose shares were false.
   * @returns Their shares, before those that are here; or why too few others released.
   */
  without(organisations: readonly Organisation[]): Promise<SharesReleased>;
}

/** Shares that organisations released for a view, or why too few did. */
export type SharesReleased = ViewReleased | MedsealError;

/** A seal for which shares are wanted. */
export interface ShareWanted extends SealAsked {
  /** Acknowledgement of the view. */
  readonly view: Acknowledgement;
  /** The place to which its salt commits. */
  readonly place: number;
  /** The record version, if it is of a set. */
  readonly pair?: PairInSet;
  /** The release key that the file is sealed under. */
  readonly key: ChannelKey;
}

/** A reader of record versions at once, with a recipient of its own for what is released for them. */
export interface Reader {
  /** The salt of the view at a place, which commits to the recipient. */
  saltOf(place: number): Hex;
  /**
   * Collects the shares that are released for acknowledged views.
   * @param wanted - Seals; undefined if none is wanted.
   * @param support - Openings by which coordinators judge again.
   * @returns Shares for each, in their order, or why too few organisations released them; undefined for none.
   */
  collect(
    wanted: readonly (ShareWanted | undefined)[],
    support: Pick<ReleaseAsked, 'opening' | 'will'>,
  ): Promise<readonly (SharesReleased | undefined)[]>;
}

/**
 * Makes a reader with a fresh recipient, which lives no longer than the reading.
 *
 * @param party - The party that reads.
 * @returns Undefined if the channel's records open without a release.
 */
export async function newReader(party: Party): Promise<Reader | undefined> {
  const { network, log, primitives, cipher, random } = party;
  if (releaseKeyOf(network, log) === undefined) return undefined;
  const identity = ageIdentity(random(32));
  const recipient = await recipientOf(identity, cipher?.kem);
  return {
    saltOf: (place) => readerSalt(primitives, recipient, place),
    async collect(all, support) {
      const evidence = new Map<number, SharesReleased>();
      const wanted = all.flatMap((one, nth) =>
        one === undefined ? [] : [{ ...one, nth, name: nameOf(party, one) }],
      );
      // A key of before the present one is rare: mostly this is one call.
      for (const key of new Set(wanted.map((one) => one.key))) {
        const under = wanted.filter((one) => one.key === key);
        for (let from = 0; from < under.length; from += MOST_RELEASED) {
          const group = under.slice(from, from + MOST_RELEASED);
          const found = await askFor(party, key, { identity, recipient }, group, support);
          for (const [nth, each] of found) evidence.set(nth, each);
        }
      }
      return all.map((one, nth) =>
        one === undefined
          ? undefined
          : (evidence.get(nth) ?? new MedsealError('RELEASE_UNKNOWN', {})),
      );
    },
  };
}

/** A seal, with its place among those that are wanted. */
interface NamedShare extends ShareWanted {
  readonly nth: number;
  /** Name of the view (`releasedName`). */
  readonly name: Bytes32;
}

function nameOf({ primitives }: Party, { view, pair }: ShareWanted): Bytes32 {
  const { entry, body } = view;
  if (pair === undefined) return entry;
  const { salt } = parseBody(body).request.message;
  return releasedName(primitives, { entry, leaf: pairLeaf(primitives, salt, pair) });
}

interface Fresh {
  readonly identity: string;
  readonly recipient: string;
}

async function askFor(
  party: Party,
  wanted: ChannelKey,
  fresh: Fresh,
  group: readonly NamedShare[],
  support: Omit<ReleaseAsked, 'recipient' | 'views'>,
): Promise<ReadonlyMap<number, SharesReleased>> {
  try {
    const views = group.map(({ view: { index }, place, pair, seal, encapsulation }) => {
      return { index, place, ...(pair && { pair }), seal, encapsulation };
    });
    const { recipient } = fresh;
    const id = bytesToHex(wanted.id);
    const answers = await party.agent.release({ recipient, views, key: id, ...support });
    const seals = new Map(
      group.map((each) => [each.name, sealHash(party.primitives, each)] as const),
    );
    const asked = { identity: fresh.identity, recipient, seals };
    const found = await sharesIn(party, wanted, asked, answers);
    const { key } = found;
    const { useless, short } = uselessOf(found, group, support.without);
    const again = { ...support, without: [...(support.without ?? []), ...useless] };
    // Whoever answers first with nothing that is of use must not keep others from being heard.
    const replaced =
      useless.length === 0 ? undefined : await askFor(party, wanted, fresh, short, again);
    return new Map(
      group.map((one): [number, SharesReleased] => {
        const { view, place, pair, nth, name, seal, encapsulation } = one;
        const instead = replaced?.get(nth);
        if (instead !== undefined) return [nth, instead];
        const shares = (found.shares.get(name) ?? []).filter(
          ({ organisation }) => support.without?.includes(organisation) !== true,
        );
        if (shares.length < key.threshold) {
          const by = shares.map(({ organisation }) => organisation);
          const refusals = [...found.answers.values()].flatMap(
            (each) => each.refused.get(name) ?? [],
          );
          return [nth, finalRefusal(key, refusals) ?? releasePending(key, by)];
        }
        const without: ViewReleased['without'] = async (organisations) => {
          const others = { ...support, without: organisations };
          const more = (await askFor(party, key, fresh, [one], others)).get(nth);
          if (more === undefined || more instanceof MedsealError) {
            return more ?? new MedsealError('RELEASE_UNKNOWN', {});
          }
          const known = new Set(more.shares.map(({ index }) => index));
          const rest = shares.filter(({ index }) => !known.has(index));
          return { ...more, shares: [...more.shares, ...rest] };
        };
        const of = { view, recipient, place, ...(pair && { pair }) };
        return [nth, { ...of, seal, encapsulation, key, shares, without }];
      }),
    );
  } catch (error) {
    const reason = toMedsealError(error);
    return new Map(group.map(({ nth }) => [nth, reason]));
  }
}

/** The question, with the identity that opens the answers. */
interface Asked extends SharesWanted {
  readonly identity: string;
}

/** Shares by the name of their view, with the release key as the network file names it that they are by. */
interface SharesFound {
  readonly key: ChannelKey;
  readonly shares: ReadonlyMap<Bytes32, readonly ShareReleased[]>;
  /** Answers of organisations whose statements hold. */
  readonly answers: ReadonlyMap<Organisation, Answer>;
}

/** The views that an organisation says it released for, whatever it sealed, and why it did not for others. */
interface Answer {
  readonly released: ReadonlySet<Bytes32>;
  readonly refused: ReadonlyMap<Bytes32, MedsealError>;
}

/**
 * Opens what coordinators released. If too few of them are in office by the party's network file, its shares may have been dealt
 * again since the party was opened: then the file counts that follows it.
 */
async function sharesIn(
  party: Party,
  key: ChannelKey,
  asked: Asked,
  answers: readonly ReleasedShares[],
): Promise<SharesFound> {
  const { network, log } = party;
  const found = await addAll(network, key);
  if (found.answers.size >= Math.min(answers.length, key.threshold)) return found;
  const next = await followNetwork(party, [network], party.agent).catch(() => undefined);
  const present = next && releaseKeyOf(next.network, log, bytesToHex(key.id));
  if (next === undefined || present === undefined || next.network === network) return found;
  return await addAll(next.network, present);

  async function addAll(file: NetworkFile, by: ChannelKey): Promise<SharesFound> {
    const shares = new Map<Bytes32, ShareReleased[]>();
    const heard = new Map<Organisation, Answer>();
    for (const released of answers) {
      const organisation = await addShares(party, file, by, asked, released, shares);
      if (organisation === undefined) continue;
      heard.set(organisation, {
        released: new Set(released.entries),
        refused: refusalsOf(released),
      });
    }
    return { key: by, shares, answers: heard };
  }
}

/**
 * Finds the views for which too few shares came though others may have some, and who said to have released for one of them and gave
 * nothing of use: the agent counted it. Of those who say that they release nothing for a view it asked the others already.
 */
function uselessOf(
  { key: { threshold }, shares, answers }: SharesFound,
  group: readonly NamedShare[],
  without: readonly Organisation[] = [],
): { readonly useless: readonly Organisation[]; readonly short: readonly NamedShare[] } {
  const counted = [...answers].filter(([organisation]) => !without.includes(organisation));
  const found = group.flatMap((asked) => {
    const given = shares.get(asked.name) ?? [];
    if (given.length >= threshold) return [];
    const useless = counted
      .filter(([, { released }]) => released.has(asked.name))
      .map(([organisation]) => organisation)
      .filter((name) => !given.some(({ organisation }) => organisation === name));
    return useless.length === 0 ? [] : [{ asked, useless }];
  });
  return {
    useless: [...new Set(found.flatMap(({ useless }) => useless))],
    short: found.map(({ asked }) => asked),
  };
}

/**
 * Adds what one coordinator released; what does not hold is left out, as if it had not come.
 *
 * @returns Its organisation; undefined if its statement does not hold.
 */
async function addShares(
  party: Party,
  network: NetworkFile,
  key: ChannelKey,
  { identity, ...wanted }: Asked,
  released: ReleasedShares,
  found: Map<Bytes32, ShareReleased[]>,
): Promise<Organisation | undefined> {
  const { log, cipher, primitives } = party;
  const organisation = verifyRelease(party, network, log, wanted, released, key);
  const index = organisation === undefined ? undefined : key.indices.get(organisation);
  if (organisation === undefined || index === undefined) return undefined;
  const opened = await openedShares(identity, released, cipher === undefined ? {} : { cipher });
  const hashes = opened.map((each) => shareHash(primitives, each));
  const { sealed: _, refused: _refused, ...statement } = released;
  const seals = released.entries.map((entry) => wanted.seals.get(entry) ?? ZERO32);
  // Other shares than it signed, or not one for each view: nobody could be shown that it released them.
  const isProvable =
    hashes.length === released.entries.length &&
    listRoot(primitives, hashes) === statement.release.shares;
  if (!isProvable) return organisation;
  for (const [place, entry] of released.entries.entries()) {
    const salted = opened[place];
    const given = found.get(entry) ?? [];
    if (salted === undefined || given.some((each) => each.index === index)) continue;
    const share = hexToBytes(salted.share);
    found.set(entry, [...given, { index, organisation, share, salted, statement, hashes, seals }]);
  }
  return organisation;
}

async function openedShares(
  identity: string,
  { sealed }: ReleasedShares,
  options: Parameters<typeof openBytes>[2],
): Promise<readonly SaltedShare[]> {
  try {
    return parseSealedShares(await openBytes([identity], base64.decode(sealed), options));
  } catch {
    return [];
  }
}
