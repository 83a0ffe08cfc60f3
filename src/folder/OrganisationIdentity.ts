import { bytesToHex } from '../crypto/bytes.ts';
import { notePublicKey } from '../crypto/note/NoteKey.ts';
import { ADDRESS, BYTES32, findShapeError } from '../protocol/findShapeError.ts';
import type { Address, Bytes32, Organisation } from '../protocol/ids.ts';
import type { AccountKey, OrganisationKeys } from './organisationKeys.ts';

/** The public part of an organisation's keys, from which a network is founded. */
export interface OrganisationIdentity {
  readonly organisation: Organisation;
  /** Address of the key that signs verdicts and checkpoints, and calls of other organisations. */
  readonly coordinator: Address;
  /** The account that sends transactions to the ledger. */
  readonly sender: Address;
  /** Address of its member's key in the authority. */
  readonly authority: Address;
  /** Ed25519 public key of its log, 32 bytes. */
  readonly log: Bytes32;
}

const SHAPE = {
  organisation: /^[a-z0-9-]{1,31}$/,
  coordinator: ADDRESS,
  sender: ADDRESS,
  authority: ADDRESS,
  log: BYTES32,
} as const;

/** Tells whether a value from outside is a well-formed identity. */
export function isIdentity(value: unknown): value is OrganisationIdentity {
  return findShapeError(SHAPE, value, 'identity') === undefined;
}

/**
 * Returns the public part of an organisation's keys.
 *
 * @param organisation - Owner of the keys.
 * @param keys - Those of its node.
 * @param authority - That of its member of the authority.
 */
export function identityOf(
  organisation: Organisation,
  keys: OrganisationKeys,
  authority: AccountKey,
): OrganisationIdentity {
  return {
    organisation,
    coordinator: keys.coordinator.address,
    sender: keys.sender.address,
    authority: authority.address,
    log: bytesToHex(notePublicKey(keys.note)),
  };
}
