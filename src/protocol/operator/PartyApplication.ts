import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { canonicalJson } from '../wire/canonicalJson.ts';
import { ADDRESS, BYTES32, OneOf } from '../wire/findShapeError.ts';
import type { Address, Bytes32, Organisation } from '../ids.ts';
import { shapeOfType } from '../shapes/shapeOfType.ts';
import { ROLES, type Role } from '../vocabulary.ts';

/** An application as a member of the authority decides about it. */
export interface PartyApplication {
  readonly party: Address;
  readonly role: Role;
  readonly organisation: Organisation;
  /** SHA-256 of the party's age recipient (its text). */
  readonly recipient: Bytes32;
}

/** Shape of a `PartyApplication`. */
export const PARTY_APPLICATION = shapeOfType<PartyApplication>('PartyApplication')({
  party: ADDRESS,
  role: new OneOf(...ROLES),
  organisation: /^[a-z0-9-]{1,31}$/,
  recipient: BYTES32,
});

/**
 * Returns a digest of everything that a member of the authority approves. Read aloud as words, it tells an operator that
 * the application is the applicant's own, with its key, its recipient and its role.
 *
 * @param primitives - Hashes.
 * @param application - The application.
 */
export function applicationDigest(
  primitives: Pick<Primitives, 'sha256'>,
  { party, role, organisation, recipient }: PartyApplication,
): Bytes32 {
  const text = canonicalJson({ party, role, organisation, recipient });
  return bytesToHex(primitives.sha256(utf8ToBytes(`medseal application\n${text}`)));
}
