import { bytesToHex } from '../crypto/bytes.ts';
import { notePublicKey } from '../crypto/note/NoteKey.ts';
import { ADDRESS, BYTES32 } from '../protocol/wire/findShapeError.ts';
import type { Organisation } from '../protocol/ids.ts';
import { isOfShape } from '../protocol/wire/isOfShape.ts';
import type { Of } from '../protocol/struct/Of.ts';
import type { AccountKey, OrganisationKeys } from './organisationKeys.ts';

const IDENTITY = {
  organisation: /^[a-z0-9-]{1,31}$/,
  /** Address of the key that signs verdicts and checkpoints, and calls of other organisations. */
  coordinator: ADDRESS,
  /** The account that sends transactions to the ledger. */
  sender: ADDRESS,
  /** Address of its member's key in the authority. */
  authority: ADDRESS,
  /** Ed25519 public key of its log, 32 bytes. */
  log: BYTES32,
  /** Ed25519 public key of its node for TLS, 32 bytes; absent if a proxy in front of the node speaks TLS for it. */
  'tls?': BYTES32,
} as const;

/** The public part of an organisation's keys, from which a network is founded. */
export type OrganisationIdentity = Of<typeof IDENTITY>;

/** Tells whether a value from outside is a well-formed identity. */
export function isIdentity(value: unknown): value is OrganisationIdentity {
  return isOfShape(IDENTITY, value);
}

/**
 * Returns the public part of an organisation's keys.
 *
 * @param organisation - Owner of the keys.
 * @param keys - Those of its node.
 * @param authority - That of its member of the authority.
 * @param isTls - True if its node speaks TLS itself.
 */
export function identityOf(
  organisation: Organisation,
  keys: OrganisationKeys,
  authority: AccountKey,
  isTls: boolean,
): OrganisationIdentity {
  return {
    organisation,
    coordinator: keys.coordinator.address,
    sender: keys.sender.address,
    authority: authority.address,
    log: bytesToHex(notePublicKey(keys.note)),
    ...(isTls && keys.tls && { tls: bytesToHex(notePublicKey(keys.tls)) }),
  };
}
