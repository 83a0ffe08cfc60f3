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
export const FOLDER_FORMAT = 1;
