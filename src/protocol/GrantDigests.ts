import type { Bytes32 } from './ids.ts';
import { keepNewest } from './keepNewest.ts';
import type { Grant } from './requests.ts';
import { digestOf, type SigningContext } from './signing.ts';

/** How many openings are remembered. */
const MOST = 4096;
/** Characters of an opening's JSON, above which it is not remembered: no grant has as many. */
const LONGEST = 4096;

/**
 * The digests of grants whose openings one judge was shown: whoever relies on a grant shows it with every request, and
 * hashing it again each time would be a tenth of judging. One judge remembers what it computed itself, and nobody else's.
 */
export class GrantDigests {
  readonly #known = new Map<string, Bytes32>();

  /**
   * The EIP-712 digest of an opening.
   *
   * @param context - Domain and primitives, the same each time.
   * @param opening - As it came through JSON; not trusted.
   * @throws MedsealError `REQUEST_MALFORMED` if it is not of the form of a grant.
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
