import { MedsealError } from '../errors/MedsealError.ts';
import type { Bytes32, Organisation } from '../protocol/ids.ts';
import { isNodeUrl } from '../protocol/isNodeUrl.ts';
import { DEFAULT_LONGEST_RIGHT } from '../protocol/longestRightOf.ts';
import type { Thresholds } from '../protocol/NetworkFile.ts';
import { isIdentity, type OrganisationIdentity } from './OrganisationIdentity.ts';

/** What a network is founded with, as it is kept in the folder: written once, first of all. */
export interface Founding {
  /** Version of the folder's layout. */
  readonly format: number;
  readonly networkId: Bytes32;
  readonly demo: boolean;
  readonly chainId: number;
  /** Time of block 0, Unix seconds. */
  readonly timestamp: number;
  /** The one channel that it begins with. */
  readonly channel: string;
  /** How many members of the authority must agree. */
  readonly threshold: number;
  /** How many organisations' coordinators may be faulty. */
  readonly faulty: number;
  /** How many organisations' coordinators must agree. */
  readonly thresholds: Thresholds;
  /** How long a right may hold at most, seconds; ten years where an older folder does not say it. */
  readonly longestRight?: number;
  readonly organisations: readonly Organisation[];
  /** Those of them whose keys are elsewhere; absent if all are in this folder. */
  readonly others?: readonly OrganisationIdentity[];
  /**
   * Where the others reach each organisation's node; nowhere where all are in this folder. If an older folder does
   * not say it, its network file does not say who founded the network either.
   */
  readonly urls?: Readonly<Record<Organisation, string>>;
}

/** What the founder decides on. */
export interface FoundingTerms {
  /** How many organisations' coordinators may be faulty; none unless said. */
  readonly faulty?: number | undefined;
  /** How many organisations' coordinators must agree; as few as can unless said. */
  readonly thresholds?: Partial<Thresholds> | undefined;
  /** How long a right may hold at most, seconds; ten years unless said. */
  readonly longestRight?: number | undefined;
  /** Is shown what is about to be founded, before anything is written; it throws to prevent it. */
  readonly agree?: (founding: Founding) => Promise<void>;
}

/** The one channel that a network begins with. */
export const FIRST_CHANNEL = 'care';

/** Version of the folder's layout that this code writes. */
export const FOLDER_FORMAT = 3;

/**
 * Takes a founding as a folder holds it.
 *
 * @param value - What was decoded from JSON.
 * @param path - The folder, for messages.
 * @throws MedsealError `FOLDER_FOREIGN`, `FOLDER_NEWER`.
 */
export function parseFounding(value: unknown, path: string): Founding {
  const founding = (value ?? {}) as Partial<Founding>;
  const { format, networkId, demo, chainId, timestamp } = founding;
  const { channel, threshold, faulty, thresholds, organisations, others, urls } = founding;
  const { longestRight = DEFAULT_LONGEST_RIGHT } = founding;
  if (typeof format === 'number' && format > FOLDER_FORMAT) {
    throw new MedsealError('FOLDER_NEWER', { path, found: format, known: FOLDER_FORMAT });
  }
  const sound =
    format === FOLDER_FORMAT &&
    typeof networkId === 'string' &&
    /^0x[0-9a-f]{64}$/.test(networkId) &&
    typeof demo === 'boolean' &&
    [chainId, timestamp, threshold, faulty, longestRight].every(Number.isSafeInteger) &&
    [thresholds?.writes, thresholds?.views].every(Number.isSafeInteger) &&
    typeof channel === 'string' &&
    areOrganisations(organisations) &&
    (others === undefined || (Array.isArray(others) && others.every(isIdentity))) &&
    (urls === undefined || areUrls(urls));
  if (!sound) {
    throw new MedsealError('FOLDER_FOREIGN', { path, what: 'founding.json is of another form' });
  }
  return founding as Founding;
}

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
