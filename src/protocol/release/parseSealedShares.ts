import { bytesToUtf8 } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { parseJsonOf } from '../wire/parseJsonOf.ts';
import type { SaltedShare } from './releasedShare.ts';
import { SHARE, SHARE_SALT } from './ReleaseProof.ts';

const SHARES = { format: /^medseal-shares\/2$/, shares: [SHARE], salts: [SHARE_SALT] } as const;

/**
 * Parses shares that a coordinator sealed to their reader. A share that is parsed may still be no point, or a false one.
 *
 * @param opened - Plaintext, not trusted.
 * @throws MedsealError `PEER_MALFORMED`.
 */
export function parseSealedShares(opened: Uint8Array): readonly SaltedShare[] {
  const { shares, salts } = parseJsonOf(SHARES, textOf(opened), malformed);
  if (shares.length !== salts.length) throw malformed();
  return shares.map((share, place) => ({ share, salt: salts[place] ?? '0x' })) as SaltedShare[];
}

function textOf(bytes: Uint8Array): string {
  try {
    return bytesToUtf8(bytes);
  } catch {
    throw malformed();
  }
}

function malformed(): MedsealError {
  return new MedsealError('PEER_MALFORMED', { what: 'release' });
}
