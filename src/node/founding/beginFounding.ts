import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { DEFAULT_CHANGE_DELAY, MOST_CHANGE_DELAY } from '../../protocol/network/changeDelayOf.ts';
import {
  areClaimTerms,
  claimTermsOf,
  DEFAULT_CLAIM_TERMS,
} from '../../protocol/care/claimTermsOf.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { FURTHER_CONTRACTS } from '../../protocol/network/furtherContracts.ts';
import { DEFAULT_LONGEST_RIGHT } from '../../protocol/network/longestRightOf.ts';
import type { NetworkFile, ReleaseKey, Thresholds } from '../../protocol/network/NetworkFile.ts';
import { areControlled } from '../../protocol/care/controlledMedicines.ts';
import { areCopies } from '../../protocol/evidence/areCopies.ts';
import { areDailyBytes, DEFAULT_DAILY_BYTES } from '../../protocol/network/dailyBytesOf.ts';
import { isQuorum } from '../../protocol/network/isQuorum.ts';
import { ENTRY_KINDS } from '../../protocol/struct/kindOf.ts';
import type { Files } from '../../folder/Files.ts';
import { parseFounding, type Founding, type FoundingTerms } from '../../folder/Founding.ts';
import { findDifference } from './findDifference.ts';
import type { IdentityFile } from './identityFiles.ts';
import { foundingBy } from './foundingBy.ts';
import { limitOf } from './limitOf.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import { networkIdOf, type Decided } from './networkIdOf.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';

/** The terms that are wanted for a network, with its organisations, the founder first. */
export interface TermsWanted extends Omit<FoundingTerms, 'agree' | 'unguarded'> {
  readonly organisations: readonly Organisation[];
  /** The ledger of another network, if it is to use that. */
  readonly ledger?: NetworkFile['ledger'] | undefined;
}

/**
 * Writes the founding of a network, if the folder has none yet.
 *
 * @param files - The founder's folder.
 * @param network - Its organisations, the founder first; the identity files of all, in the same order, if each has its
 * own folder; the number of organisations whose coordinators may be faulty (0 if absent), and the thresholds (the
 * smallest possible if absent); the ledger of another network, and the name of the channel on it. `deal` has the
 * organisations deal its release key, and keep their shares, by the number that opens; an unguarded one has none.
 * @param ports - Randomness, clock, hashes.
 * @param agree - Called with the founding before anything is written; it throws to prevent it.
 * @throws MedsealError `NETWORK_FILE_INVALID` if the thresholds do not fit the numbers of organisations;
 * `CEREMONY_INVALID` if the network was founded already, with other numbers; `FOLDER_FOREIGN` if another organisation
 * founded the folder's network, or founding.json is lost.
 */
export async function beginFounding(
  files: Files,
  network: TermsWanted & {
    readonly demo: boolean;
    readonly identities?: readonly IdentityFile[];
    readonly deal?: ((threshold: number) => Promise<ReleaseKey>) | undefined;
  },
  { random, clock, primitives }: Pick<NodePorts, 'random' | 'clock' | 'primitives'>,
  agree?: FoundingTerms['agree'],
): Promise<void> {
  const begun = await readJsonFile(files, 'founding.json');
  if (begun !== undefined) return requireSame(parseFounding(begun, files.path), network);
  await requireUnknown(files);
  const { demo, organisations, identities = [], deal } = network;
  const decided = decide(network, { random, clock });
  const networkId =
    identities.length > 0 ? networkIdOf(primitives, decided, identities) : bytesToHex(random(32));
  const founding = foundingBy(decided, { networkId, demo, organisations, identities });
  await agree?.(founding, deal !== undefined);
  const release = await deal?.(decided.thresholds.views);
  await writeJsonFile(files, 'founding.json', { ...founding, ...(release && { release }) });
}

/**
 * Refuses a folder that belongs to a network that it did not found.
 *
 * @param files - The folder; it has no founding.json.
 * @throws MedsealError `FOLDER_FOREIGN`.
 */
export async function requireUnknown(files: Files): Promise<void> {
  if ((await files.size('network.json')) === undefined) return;
  const what =
    'it belongs to a network already, and has no founding.json, which only the founder has';
  throw new MedsealError('FOLDER_FOREIGN', { path: files.path, what });
}

/**
 * Returns what a founder decides for a network, by its wishes.
 *
 * @param network - Its organisations, its terms, and the ledger of another network if it is to use that.
 * @param ports - Randomness and clock.
 * @throws MedsealError `NETWORK_FILE_INVALID` if the terms do not fit together.
 */
export function decide(
  network: TermsWanted,
  { random, clock }: Pick<NodePorts, 'random' | 'clock'>,
): Decided {
  const { organisations, ledger, channel } = network;
  const { faulty = 0, longestRight = DEFAULT_LONGEST_RIGHT } = network;
  if ((ledger === undefined) !== (channel === undefined)) {
    const reason = 'a channel has a name if, and only if, it is on the ledger of another network';
    throw new MedsealError('NETWORK_FILE_INVALID', { reason });
  }
  const categories = limitOf(network.categories);
  const { controlled, copies } = network;
  // The default is not written, as for the delay.
  const dailyBytes = network.dailyBytes === DEFAULT_DAILY_BYTES ? undefined : network.dailyBytes;
  if (dailyBytes !== undefined && !areDailyBytes(dailyBytes)) {
    const reason = 'the bytes of a day must be a whole number, one or more';
    throw new MedsealError('NETWORK_FILE_INVALID', { reason });
  }
  if (controlled !== undefined && !areControlled(controlled)) {
    const reason = 'controlled medicines are codes such as http://www.whocc.no/atc|N02A*';
    throw new MedsealError('NETWORK_FILE_INVALID', { reason });
  }
  if (!Number.isSafeInteger(longestRight) || longestRight < 1) {
    const reason = 'the longest right must be a whole number of seconds, one or more';
    throw new MedsealError('NETWORK_FILE_INVALID', { reason });
  }
  // The default is not written: a founding then has what it had before there was a choice.
  const delay = network.delay === DEFAULT_CHANGE_DELAY ? undefined : network.delay;
  if (
    delay !== undefined &&
    !(Number.isInteger(delay) && delay >= 1 && delay <= MOST_CHANGE_DELAY)
  ) {
    const reason = `the delay of changes must be 1 to ${MOST_CHANGE_DELAY} seconds`;
    throw new MedsealError('NETWORK_FILE_INVALID', { reason });
  }
  const claims = { ...DEFAULT_CLAIM_TERMS, ...network.claims };
  if (!areClaimTerms(claims)) {
    const reason = 'the term of claims must be 1 second or more, and below 2^32';
    throw new MedsealError('NETWORK_FILE_INVALID', { reason });
  }
  const isUsual = findDifference(DEFAULT_CLAIM_TERMS, claims) === undefined;
  const all = { organisations: organisations.length, faulty };
  const thresholds = thresholdsOf(all, network.thresholds);
  if (
    copies !== undefined &&
    !areCopies(copies, { writes: thresholds.writes, organisations: all.organisations })
  ) {
    const reason = `${copies} copies of a file are fewer than the quorum for a write (${thresholds.writes}), or more than the ${all.organisations} organisations`;
    throw new MedsealError('NETWORK_FILE_INVALID', { reason });
  }
  return {
    chainId:
      ledger?.chainId ?? 2 ** 30 + (new DataView(random(4).slice().buffer).getUint32(0) % 2 ** 30),
    timestamp: ledger === undefined ? seconds(clock) : (ledger.timestamp ?? 0),
    faulty,
    thresholds,
    longestRight,
    ...(delay !== undefined && { delay }),
    ...(!isUsual && { claims }),
    ...(categories && { categories }),
    ...(controlled && { controlled }),
    ...(copies !== undefined && { copies }),
    ...(dailyBytes !== undefined && { dailyBytes }),
    further: FURTHER_CONTRACTS,
    ...(ledger && { ledger }),
    ...(channel !== undefined && { channel }),
  };
}

/**
 * Returns the thresholds of a new network: the smallest possible if none is wanted.
 *
 * @param all - Number of organisations, and of those whose coordinators may be faulty.
 * @param wanted - Thresholds that differ.
 * @throws MedsealError `NETWORK_FILE_INVALID` if they do not fit the numbers of organisations.
 */
export function thresholdsOf(
  all: { readonly organisations: number; readonly faulty: number },
  wanted?: Partial<Thresholds>,
): Thresholds {
  const thresholds = { ...leastThresholds(all), ...wanted };
  for (const kind of ENTRY_KINDS) {
    if (all.faulty >= 0 && isQuorum(thresholds[kind], all)) continue;
    const reason = `${thresholds[kind]} of ${all.organisations} organisations cannot speak for all where ${all.faulty} may be faulty`;
    throw new MedsealError('NETWORK_FILE_INVALID', { reason });
  }
  return thresholds;
}

/**
 * Returns the smallest possible thresholds.
 *
 * @param all - Number of organisations, and of those whose coordinators may be faulty.
 */
export function leastThresholds({
  organisations,
  faulty,
}: {
  readonly organisations: number;
  readonly faulty: number;
}): Thresholds {
  const least = Math.floor((organisations + faulty) / 2) + 1;
  return { writes: least, views: least };
}

/**
 * Refuses to found again with other numbers; the first ones stay.
 *
 * @param founding - The founding.
 * @param wanted - The terms that are wanted now; those that are absent stay as they are.
 * @throws MedsealError `CEREMONY_INVALID`.
 */
export function requireSame(
  founding: Founding,
  {
    faulty,
    thresholds,
    longestRight,
    delay,
    claims,
    categories,
    controlled,
    copies,
    dailyBytes,
    channel,
    ledger,
  }: Omit<TermsWanted, 'organisations'>,
): void {
  const founded = founding.longestRight ?? DEFAULT_LONGEST_RIGHT;
  const differs =
    findDifference(founding.ledger, ledger) !== undefined ||
    (channel !== undefined && channel !== founding.channel) ||
    (categories !== undefined &&
      findDifference(founding.categories, limitOf(categories)) !== undefined) ||
    (controlled !== undefined && findDifference(founding.controlled, controlled) !== undefined) ||
    (copies !== undefined && copies !== founding.copies) ||
    (dailyBytes !== undefined && dailyBytes !== (founding.dailyBytes ?? DEFAULT_DAILY_BYTES)) ||
    (longestRight !== undefined && longestRight !== founded) ||
    (delay !== undefined && delay !== (founding.delay ?? DEFAULT_CHANGE_DELAY)) ||
    findDifference(claimTermsOf(founding), { ...claimTermsOf(founding), ...claims }) !==
      undefined ||
    (faulty !== undefined && faulty !== founding.faulty) ||
    ENTRY_KINDS.some(
      (kind) => (thresholds?.[kind] ?? founding.thresholds[kind]) !== founding.thresholds[kind],
    );
  if (!differs) return;
  const reason = 'the network was founded already, with other terms';
  throw new MedsealError('CEREMONY_INVALID', { file: 'founding.json', reason });
}
