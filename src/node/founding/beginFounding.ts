import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { DEFAULT_CHANGE_DELAY, MOST_CHANGE_DELAY } from '../../protocol/network/changeDelayOf.ts';
import { areClaimTerms, DEFAULT_CLAIM_TERMS } from '../../protocol/care/claimTermsOf.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { FURTHER_CONTRACTS } from '../../protocol/network/furtherContracts.ts';
import { DEFAULT_LONGEST_RIGHT } from '../../protocol/network/longestRightOf.ts';
import { DEFAULT_MAX_LEDGER_AGE, isMaxLedgerAge } from '../../protocol/network/maxLedgerAgeOf.ts';
import type { NetworkFile, ReleaseKey } from '../../protocol/network/NetworkFile.ts';
import type { Files } from '../../folder/Files.ts';
import { parseFounding, type Founding, type FoundingTerms } from '../../folder/Founding.ts';
import { findDifference } from './findDifference.ts';
import type { IdentityFile } from './identityFiles.ts';
import { foundingBy } from './foundingBy.ts';
import { channelTerms, type ChannelTerms } from './channelTerms.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import { networkIdOf, type Decided } from './networkIdOf.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';

/** The terms that are wanted for a network, with its organisations, the founder first. */
export interface TermsWanted extends Omit<FoundingTerms, 'agree' | 'unguarded'> {
  readonly organisations: readonly Organisation[];
  /** True if their validators hold the ledger. */
  readonly isHeld?: boolean;
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
 * @throws MedsealError `ARGUMENT_INVALID` if the thresholds do not fit the numbers of organisations;
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
 * @throws MedsealError `ARGUMENT_INVALID` if the terms do not fit together.
 */
export function decide(
  network: TermsWanted,
  { random, clock }: Pick<NodePorts, 'random' | 'clock'>,
): Decided {
  const { ledger, channel } = network;
  if ((ledger === undefined) !== (channel === undefined)) {
    const reason = 'it is given if, and only if, the channel is on the ledger of another network';
    throw invalid('channel', reason);
  }
  return {
    chainId:
      ledger?.chainId ?? 2 ** 30 + (new DataView(random(4).slice().buffer).getUint32(0) % 2 ** 30),
    timestamp: ledger === undefined ? seconds(clock) : (ledger.timestamp ?? 0),
    ...termsOf(network),
    further: network.further ?? FURTHER_CONTRACTS,
    ...(ledger && { ledger }),
    ...(channel !== undefined && { channel }),
  };
}

/** The terms that were wished; those that are absent are as they were founded, or the default. Defaults of later terms are not written. */
function termsOf(
  wish: TermsWanted,
  before?: Founding,
): ChannelTerms & Pick<Founding, 'longestRight' | 'delay' | 'claims' | 'maxLedgerAge'> {
  const count = wish.organisations.length;
  const longestRight = wish.longestRight ?? before?.longestRight ?? DEFAULT_LONGEST_RIGHT;
  if (!Number.isSafeInteger(longestRight) || longestRight < 1) {
    throw invalid('longest-right', 'it must be a whole number of seconds, one or more');
  }
  const delay = wish.delay ?? before?.delay ?? DEFAULT_CHANGE_DELAY;
  if (!(Number.isInteger(delay) && delay >= 1 && delay <= MOST_CHANGE_DELAY)) {
    throw invalid('delay', `it must be 1 to ${MOST_CHANGE_DELAY} seconds`);
  }
  const claims = { ...(before?.claims ?? DEFAULT_CLAIM_TERMS), ...wish.claims };
  if (!areClaimTerms(claims)) {
    throw invalid('claim-term', 'it must be 1 second or more, and below 2^32');
  }
  if (wish.maxLedgerAge !== undefined && wish.isHeld !== true) {
    const reason = 'only a ledger that validators hold makes blocks without transactions';
    throw invalid('max-ledger-age', reason);
  }
  const usual = before === undefined && wish.isHeld === true ? DEFAULT_MAX_LEDGER_AGE : undefined;
  const maxLedgerAge = wish.maxLedgerAge ?? before?.maxLedgerAge ?? usual;
  if (maxLedgerAge !== undefined && !isMaxLedgerAge(maxLedgerAge)) {
    throw invalid('max-ledger-age', 'it must be a whole number of seconds, a minute to a day');
  }
  return {
    ...channelTerms(wish, count, before && { ...before, organisations: count }),
    longestRight,
    ...(delay !== DEFAULT_CHANGE_DELAY && { delay }),
    ...(findDifference(DEFAULT_CLAIM_TERMS, claims) !== undefined && { claims }),
    ...(maxLedgerAge !== undefined && { maxLedgerAge }),
  };
}

/**
 * Refuses to found again with other terms; the first ones stay.
 *
 * @param founding - The founding.
 * @param wanted - The terms that are wanted now; those that are absent stay as they are.
 * @throws MedsealError `CEREMONY_INVALID`; `ARGUMENT_INVALID` if they do not fit together.
 */
export function requireSame(founding: Founding, wanted: TermsWanted): void {
  const { organisations, ledger, channel } = founding;
  const isSame =
    findDifference(ledger, wanted.ledger) === undefined &&
    [undefined, channel].includes(wanted.channel) &&
    findDifference(
      termsOf({ organisations }, founding),
      termsOf({ ...wanted, organisations }, founding),
    ) === undefined;
  if (isSame) return;
  const reason = 'the network was founded already, with other terms';
  throw new MedsealError('CEREMONY_INVALID', { file: 'founding.json', reason });
}

function invalid(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
