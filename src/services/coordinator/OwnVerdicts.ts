import type { CoordinatorSignature } from '../../protocol/evidence.ts';
import type { Verdict } from '../../protocol/requests.ts';

/** A verdict with who signed it. */
export type VerdictStatement = CoordinatorSignature & { readonly verdict: Verdict };

/** How many are remembered; a checkpoint follows soon after what it covers was judged. */
const MOST = 16_384;

/** The verdicts that a coordinator signed lately, so that it need not verify its own signatures. */
export class OwnVerdicts {
  readonly #said = new Set<string>();

  /** Remembers one. */
  add(statement: VerdictStatement): void {
    if (this.#said.size >= MOST) this.#said.clear();
    this.#said.add(keyOf(statement));
  }

  /** Whether this very one was signed here; one that is forgotten was not, for all that is known. */
  has(statement: VerdictStatement): boolean {
    return this.#said.has(keyOf(statement));
  }
}

function keyOf({ coordinator, signature, verdict }: VerdictStatement): string {
  const { kind, log, size, root, at, includeBy } = verdict;
  return JSON.stringify([coordinator, signature, kind, log, size, root, at, includeBy]);
}
