import type { Bytes32 } from '../ids.ts';
import { keepNewest } from '../../crypto/keepNewest.ts';
import type { Grant } from '../struct/requests.ts';
import { digestOf, type SigningContext } from '../struct/signing.ts';

/** Number of openings that are remembered. */
const MOST = 4096;
/** Characters of an opening's JSON above which it is not remembered: every grant has fewer. */
const LONGEST = 4096;

/**
 * Digests of the grants whose openings one organisation was shown: a party that relies on a grant presents it with
 * every request, and hashing it again each time would be a tenth of the cost of judging. An organisation remembers only
 * the digests that it computed itself.
 */
export class GrantDigests {
  readonly #known = new Map<string, Bytes32>();

  /**
   * Returns the EIP-712 digest of an opening.
   *
   * @param context - Domain and primitives, the same each time.
   * @param opening - Opening, decoded from JSON, not trusted.
   * @throws MedsealError `REQUEST_MALFORMED` if it is not a grant.
   */
  of(context: SigningContext, opening: Grant): Bytes32 {
    const text = JSON.stringify(opening);
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const digest = digestOf(context, 'Grant', opening);
    if (text.length > LONGEST) return digest;
    this.#known.set(text, digest);
    keepNewest(this.#known, MOST);
    return digest;
  }
}
