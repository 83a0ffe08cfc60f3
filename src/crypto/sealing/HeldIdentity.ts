import type { Identity } from 'age-encryption';
import { identitySeed } from '../keys/ageIdentity.ts';
import type { HybridKem } from './HybridKem.ts';
import { hybridIdentity } from './hybridStanza.ts';

/** An age identity whose keys are expanded once for many files, and stay in memory for as long as somebody holds it. */
export class HeldIdentity {
  readonly #identity: string;
  #expanded: { readonly kem: HybridKem; readonly identity: Identity } | undefined;

  /** @param identity - The identity (`AGE-SECRET-KEY-PQ-1…`). */
  constructor(identity: string) {
    this.#identity = identity;
  }

  /**
   * Returns the identity, to unwrap file keys with.
   * @param kem - A fast encapsulation; the library's if absent.
   */
  by(kem: HybridKem | undefined): string | Identity {
    if (kem === undefined) return this.#identity;
    if (this.#expanded?.kem !== kem) {
      this.#expanded = { kem, identity: hybridIdentity(kem, identitySeed(this.#identity)) };
    }
    return this.#expanded.identity;
  }
}
