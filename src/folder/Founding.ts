import { MedsealError } from '../errors/MedsealError.ts';
import { DEFAULT_CHANGE_DELAY } from '../protocol/network/changeDelayOf.ts';
import type { Bytes32, Organisation } from '../protocol/ids.ts';
import { BYTES32, MapOf, OneOf } from '../protocol/wire/findShapeError.ts';
import { STORE_FORMATS } from '../protocol/wire/storeFormats.ts';
import { areControlled } from '../protocol/care/controlledMedicines.ts';
import {
  CHANNEL_NUMBER_NAMES,
  isChannelNumber,
  type ChannelNumber,
  type ChannelNumbers,
} from '../protocol/network/channelNumbers.ts';
import { FURTHER_CONTRACTS, type FurtherContract } from '../protocol/network/furtherContracts.ts';
import { isOfShape } from '../protocol/wire/isOfShape.ts';
import { isNodeUrl } from '../protocol/wire/isNodeUrl.ts';
import { isMaxLedgerAge } from '../protocol/network/maxLedgerAgeOf.ts';
import { DEFAULT_LONGEST_RIGHT } from '../protocol/network/longestRightOf.ts';
import type {
  ClaimTerms,
  FoundingValidator,
  NetworkFile,
  ReleaseKey,
  Thresholds,
} from '../protocol/network/NetworkFile.ts';
import { NETWORK_FILE, RELEASE_KEY } from '../protocol/shapes/answerShapes.ts';
import { VALIDATOR_ADDRESS, VALIDATOR_NODE } from '../protocol/network/validatorShapes.ts';
import { CATEGORIES, type Category } from '../protocol/vocabulary.ts';
import { isIdentity, type OrganisationIdentity } from './OrganisationIdentity.ts';

/** Founding of a network, as `founding.json` of the folder has it: written once, before anything else. */
export interface Founding extends ChannelNumbers {
  /** Version of the folder's layout. */
  readonly format: number;
  readonly networkId: Bytes32;
  readonly demo: boolean;
  readonly chainId: number;
  /** Time of block 0, Unix seconds. */
  readonly timestamp: number;
  /** Name of the one channel that it begins with. */
  readonly channel: string;
  /** Categories that may be written in it; all if absent. */
  readonly categories?: readonly Category[];
  /** Codes of medicines whose prescription a second doctor signs; none if absent. */
  readonly controlled?: readonly string[];
  /** Number of organisations that keep each sealed file; all if absent. */
  readonly copies?: number;
  /** The release key of the channel; absent if its records are not guarded. */
  readonly release?: ReleaseKey;
  /** The ledger, as the network file is to name it, if it is that of another network; absent if it has its own. */
  readonly ledger?: NetworkFile['ledger'];
  /** Threshold of the authority, in members. */
  readonly threshold: number;
  /** Number of organisations whose coordinators may be faulty. */
  readonly faulty: number;
  /** Thresholds of the coordinators, in organisations. */
  readonly thresholds: Thresholds;
  /** Longest time that a right may hold, seconds; ten years if an older folder does not name it. */
  readonly longestRight?: number;
  /** Time that a change of an office or a stake, or a recovery takes at the least, seconds; three days if absent. */
  readonly delay?: number;
  /** Terms of claims; the default ones if absent. */
  readonly claims?: ClaimTerms;
  /** Age of the newest block, seconds, beyond which nobody reads by a right; only if the organisations' validators hold the ledger. */
  readonly maxLedgerAge?: number;
  /** The care contracts that it has, in the order of their creation; none if an older folder does not name them. */
  readonly further?: readonly FurtherContract[];
  readonly organisations: readonly Organisation[];
  /** Organisations whose keys are elsewhere; absent if all are in this folder. */
  readonly others?: readonly OrganisationIdentity[];
  /**
   * Addresses of the organisations' nodes, for the others; empty if all are in this folder. If an older folder does not
   * have them, its network file does not name the founder either.
   */
  readonly urls?: Readonly<Record<Organisation, string>>;
  /** True if the nodes speak TLS with each other, with keys that the network file pins. */
  readonly tls?: boolean;
  /** Validators of the organisations, if these are to hold the ledger together. */
  readonly validators?: Readonly<Record<Organisation, FoundingValidator>>;
}

/** Wished terms of a channel: what is absent stays as it is; in a new network it has its default. A number of 0 is the default. */
export interface ChannelWish extends Partial<Record<ChannelNumber, number | undefined>> {
  /** Number of organisations whose coordinators may be faulty; 0 in a new network. */
  readonly faulty?: number | undefined;
  /** Thresholds in organisations; the smallest quorum in a new network, and if another number coordinates or may be faulty. */
  readonly thresholds?: Partial<Thresholds> | undefined;
  /** Categories that may be written; no limit if all. */
  readonly categories?: readonly Category[] | undefined;
  /** Codes of medicines whose prescription a second doctor signs; no list if empty. */
  readonly controlledMedicines?: readonly string[] | undefined;
  /** Number of organisations that keep each sealed file; all of them if 0. */
  readonly copies?: number | undefined;
}

/** Terms that the founder decides. */
export interface FoundingTerms extends ChannelWish {
  /** Longest time that a right may hold, seconds; ten years if absent. */
  readonly longestRight?: number | undefined;
  /** Time that a change of an office or a stake, or a recovery takes at the least, seconds; three days if absent. */
  readonly delay?: number | undefined;
  /** Terms of claims; thirty days if it is absent. */
  readonly claims?: Partial<ClaimTerms> | undefined;
  /** Care contracts that it has from its founding on; all if absent. */
  readonly further?: readonly FurtherContract[] | undefined;
  /** Age of the newest block, seconds, beyond which nobody reads by a right; three minutes if absent, for a ledger of validators alone. */
  readonly maxLedgerAge?: number | undefined;
  /** True if its records open without a release; guarded by a release key that the organisations deal if absent. */
  readonly unguarded?: boolean | undefined;
  /** Name of the channel, if it uses the ledger of another network. */
  readonly channel?: string | undefined;
  /**
   * Called with the founding, without a release key, before anything is written; it throws to prevent it.
   * @param isGuarded - True if it gets a release key.
   */
  readonly agree?: (founding: Founding, isGuarded: boolean) => Promise<void>;
}

/** The one channel that a network begins with. */
export const FIRST_CHANNEL = 'care';

/** Tells whether the folder of a founding holds the network's ledger: validators do not, and no other network does. */
export function keepsLedger({
  validators,
  ledger,
}: Pick<Founding, 'validators' | 'ledger'>): boolean {
  return validators === undefined && ledger === undefined;
}

/** Format of `founding.json` that this code writes. */
export const FOUNDING_FORMAT = STORE_FORMATS.founding.number;

/**
 * Parses a founding as a folder holds it.
 *
 * @param value - Decoded from JSON.
 * @param path - The folder, for messages.
 * @throws MedsealError `FOLDER_FOREIGN`, `FOLDER_NEWER`.
 */
export function parseFounding(value: unknown, path: string): Founding {
  const founding = (value ?? {}) as Partial<Founding>;
  const { format, networkId, demo, chainId, timestamp } = founding;
  const { channel, threshold, faulty, thresholds, organisations, others, urls, tls } = founding;
  const { validators, categories, controlled, copies, claims, further, ledger } = founding;
  const { release, maxLedgerAge } = founding;
  const { longestRight = DEFAULT_LONGEST_RIGHT, delay = DEFAULT_CHANGE_DELAY } = founding;
  if (typeof format === 'number' && format > FOUNDING_FORMAT) {
    throw new MedsealError('FOLDER_NEWER', { path, found: format, known: FOUNDING_FORMAT });
  }
  const sound =
    format === FOUNDING_FORMAT &&
    typeof networkId === 'string' &&
    /^0x[0-9a-f]{64}$/.test(networkId) &&
    typeof demo === 'boolean' &&
    [chainId, timestamp, threshold, faulty, longestRight, delay].every(Number.isSafeInteger) &&
    [thresholds?.writes, thresholds?.views].every(Number.isSafeInteger) &&
    typeof channel === 'string' &&
    areOrganisations(organisations) &&
    (others === undefined || (Array.isArray(others) && others.every(isIdentity))) &&
    (urls === undefined || areUrls(urls)) &&
    (tls === undefined || typeof tls === 'boolean') &&
    (validators === undefined || isOfShape(VALIDATORS, validators)) &&
    (categories === undefined || isOfShape([new OneOf(...CATEGORIES)], categories)) &&
    (controlled === undefined || areControlled(controlled)) &&
    (copies === undefined || Number.isSafeInteger(copies)) &&
    CHANNEL_NUMBER_NAMES.every(
      (name) => founding[name] === undefined || isChannelNumber(name, founding[name]),
    ) &&
    (maxLedgerAge === undefined || isMaxLedgerAge(maxLedgerAge)) &&
    (release === undefined || isOfShape(RELEASE_KEY, release)) &&
    (claims === undefined || isOfShape({ term: 'count' }, claims)) &&
    (further === undefined || isOfShape([new OneOf(...FURTHER_CONTRACTS)], further)) &&
    (ledger === undefined || isOfShape(LEDGER, ledger));
  if (!sound) {
    throw new MedsealError('FOLDER_FOREIGN', { path, what: 'founding.json is malformed' });
  }
  return founding as Founding;
}

const VALIDATORS = new MapOf(/^[a-z0-9-]{1,31}$/, {
  key: BYTES32,
  node: VALIDATOR_NODE,
  address: VALIDATOR_ADDRESS,
  stake: 'count',
});

const LEDGER = NETWORK_FILE.shape.ledger;

/** Tells whether these are different names of organisations, whose folders can lie beside that of the ledger. */
export function areOrganisations(names: unknown): names is readonly Organisation[] {
  if (!Array.isArray(names) || names.length === 0) return false;
  return names.every(isName) && new Set(names).size === names.length;
}

function areUrls(urls: unknown): boolean {
  return typeof urls === 'object' && urls !== null && Object.values(urls).every(isNodeUrl);
}

function isName(name: unknown): boolean {
  return typeof name === 'string' && /^[a-z0-9-]{1,31}$/.test(name) && name !== 'ledger';
}
