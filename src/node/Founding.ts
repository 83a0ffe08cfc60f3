import { MedsealError } from '../errors/MedsealError.ts';
import type { Address, Bytes32, Organisation } from '../protocol/ids.ts';

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
  /** How many coordinators must agree; so many authority members as well. */
  readonly threshold: number;
  readonly organisations: readonly Organisation[];
}

/** What the public part of an organisation's keys is. */
export interface OrganisationIdentity {
  readonly organisation: Organisation;
  readonly coordinator: Address;
  readonly sender: Address;
  readonly authority: Address;
  /** C2SP verifier key of its log. */
  readonly note: string;
}

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
  const { format, networkId, demo, chainId, timestamp, channel, threshold, organisations } =
    founding;
  if (typeof format === 'number' && format > FOLDER_FORMAT) {
    throw new MedsealError('FOLDER_NEWER', { path, found: format, known: FOLDER_FORMAT });
  }
  const sound =
    format === FOLDER_FORMAT &&
    typeof networkId === 'string' &&
    /^0x[0-9a-f]{64}$/.test(networkId) &&
    typeof demo === 'boolean' &&
    [chainId, timestamp, threshold].every(Number.isSafeInteger) &&
    typeof channel === 'string' &&
    areOrganisations(organisations);
  if (!sound) {
    throw new MedsealError('FOLDER_FOREIGN', { path, what: 'founding.json is of another form' });
  }
  return founding as Founding;
}

/** Whether these are different names of organisations, whose folders can lie beside that of the ledger. */
export function areOrganisations(names: unknown): names is readonly Organisation[] {
  if (!Array.isArray(names) || names.length === 0) return false;
  return names.every(isName) && new Set(names).size === names.length;
}

function isName(name: unknown): boolean {
  return typeof name === 'string' && /^[a-z0-9-]{1,31}$/.test(name) && name !== 'ledger';
}
