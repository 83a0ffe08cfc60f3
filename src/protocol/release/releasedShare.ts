import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { encodeFields } from '../../crypto/encodeFields.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Bytes32, Hex, Organisation } from '../ids.ts';
import type { SealAsked } from './ReleaseAsked.ts';
import type { ChannelKey } from './releaseKeyOf.ts';

const SHARE_LABEL = utf8ToBytes('medseal/released-share/1');
const KEY_LABEL = utf8ToBytes('medseal/share-key/1');

/** A share with the salt of its hash. */
export interface SaltedShare {
  /** 97 bytes. */
  readonly share: Hex;
  /** 16 random bytes: whoever knows the share does not recognise its hash. */
  readonly salt: Hex;
}

/**
 * Returns the hash of a share by which a coordinator signs it (`ShareRelease.shares` is the root over them).
 *
 * @param primitives - SHA-256.
 * @param released - The share and its salt.
 */
export function shareHash(
  primitives: Pick<Primitives, 'sha256'>,
  { share, salt }: SaltedShare,
): Bytes32 {
  const fields = encodeFields(SHARE_LABEL, hexToBytes(salt), hexToBytes(share));
  return bytesToHex(primitives.sha256(fields));
}

/**
 * Returns the hash of a seal by which a coordinator signs what its share opens (`ShareRelease.seals` is the root over them).
 *
 * @param primitives - SHA-256.
 * @param asked - The seal, and the hash of the encapsulation.
 */
export function sealHash(
  primitives: Pick<Primitives, 'sha256'>,
  { seal, encapsulation }: SealAsked,
): Bytes32 {
  return bytesToHex(primitives.sha256(encodeFields(hexToBytes(seal), hexToBytes(encapsulation))));
}

/**
 * Returns the name of an organisation's share of a release key (`ShareRelease.key`). It is another one once shares are dealt
 * again: so what was released before is verified against the key of its time.
 *
 * @param primitives - SHA-256.
 * @param key - The channel's key.
 * @param organisation - The organisation.
 * @returns Undefined if it has no share.
 */
export function shareKeyId(
  primitives: Pick<Primitives, 'sha256'>,
  key: ChannelKey,
  organisation: Organisation,
): Bytes32 | undefined {
  const member = key.members.get(key.indices.get(organisation) ?? 0);
  if (member === undefined) return undefined;
  return bytesToHex(primitives.sha256(encodeFields(KEY_LABEL, key.id, member)));
}
