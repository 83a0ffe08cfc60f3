import { keepNewest } from '../../crypto/keepNewest.ts';
import type { Address, Bytes32, Hex } from '../../protocol/ids.ts';
import { recoverSigner, type SigningContext } from '../../protocol/struct/signing.ts';

/** Number of signatures that are remembered. */
const MOST = 4096;

/**
 * Remembers which key made a signature, so that one organisation recovers it once, though its agent, its contributor
 * and its store each verify the request that it is on. Nothing of it comes from another organisation: it is filled by
 * recovery alone, and says nothing about whose key that is.
 */
export class RecoveredSigners {
  readonly #signers = new Map<string, Address>();

  /**
   * Returns the address of the key that signed a digest.
   * @param context - Primitives.
   * @param digest - 32 bytes.
   * @param signature - 65 bytes.
   * @throws MedsealError `SIGNATURE_INVALID` if no key can have made the signature.
   */
  signerOf(context: Pick<SigningContext, 'primitives'>, digest: Bytes32, signature: Hex): Address {
    const key = `${digest}${signature}`;
    const known = this.#signers.get(key);
    if (known !== undefined) return known;
    const signer = recoverSigner(context, digest, signature);
    this.#signers.set(key, signer);
    keepNewest(this.#signers, MOST);
    return signer;
  }
}
