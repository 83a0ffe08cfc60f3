import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { CoordinatorSignature } from '../../protocol/evidence/evidence.ts';
import { keepNewest } from '../../crypto/keepNewest.ts';
import type { Verdict } from '../../protocol/struct/requests.ts';

/** A verdict with who signed it. */
export type VerdictStatement = CoordinatorSignature & { readonly verdict: Verdict };

/**
 * Number of verdicts that are remembered, about 120 bytes each; a checkpoint comes soon after the entries that it
 * covers were judged.
 */
const MOST = 4096;

/** The verdicts that a coordinator signed lately, so that it need not verify its own signatures. */
export class OwnVerdicts {
  readonly #primitives: Pick<Primitives, 'sha256'>;
  /** By their hashes, for they are four times as long. */
  readonly #said = new Set<string>();

  /** @param primitives - The hash. */
  constructor(primitives: Pick<Primitives, 'sha256'>) {
    this.#primitives = primitives;
  }

  /** Remembers one; the one that was said the longest ago is forgotten if there are too many. */
  add(statement: VerdictStatement): void {
    this.#said.add(this.#keyOf(statement));
    keepNewest(this.#said, MOST);
  }

  /** Tells whether this very one was signed here; one that is forgotten was not, for all that is known. */
  has(statement: VerdictStatement): boolean {
    return this.#said.has(this.#keyOf(statement));
  }

  #keyOf({ coordinator, signature, verdict }: VerdictStatement): string {
    const { kind, log, size, root, at, includeBy } = verdict;
    const said = JSON.stringify([coordinator, signature, kind, log, size, root, at, includeBy]);
    return bytesToHex(this.#primitives.sha256(utf8ToBytes(said)));
  }
}
