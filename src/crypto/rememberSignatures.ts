import { bytesToHex, hexToBytes } from './bytes.ts';
import type { Primitives } from './Primitives.ts';
import { remembering } from './remembering.ts';

/** Signatures that are remembered: in three sittings of a portal, 26,000 were verified of which 11,000 differed. */
const MOST = 4096;

/**
 * Makes primitives that recover the signer of a signature once: the same evidence is read again by every screen that shows it, and
 * in JavaScript a recovery takes 1.3 ms. They remember as long as the party is open.
 *
 * @param primitives - The primitives; each other function stays theirs.
 */
export function rememberSignatures(primitives: Primitives): Primitives {
  const recovered = remembering(MOST, (text) => {
    const [digest = '0x', signature = '0x'] = text.split(' ') as `0x${string}`[];
    return primitives.recover(hexToBytes(digest), hexToBytes(signature));
  });
  return {
    ...primitives,
    recover: (digest, signature) =>
      recovered(`${bytesToHex(digest)} ${bytesToHex(signature)}`).slice(),
  };
}
