import type { Identity } from 'age-encryption';
import { identitySeed } from '../keys/ageIdentity.ts';
import type { HybridKem } from './HybridKem.ts';
import { hybridIdentity } from './hybridStanza.ts';

/** An age identity whose keys are expanded once for many files, and stay in memory for as long as somebody holds it. */
export class HeldIdentity {
  readonly #identity: string;
  #decapsulating:
    | { readonly kem: HybridKem; readonly find: (encapsulated: Uint8Array) => Uint8Array }
    | undefined;
  #expanded: { readonly kem: HybridKem; readonly identity: Identity } | undefined;

  /** @param identity - The identity (`AGE-SECRET-KEY-PQ-1…`). */
  constructor(identity: string) {
    this.#identity = identity;
  }

  /**
   * Finds the secret that was encapsulated to the identity.
   * @param kem - The encapsulation.
   * @param encapsulated - 1,120 bytes.
   * @returns 32 bytes; another secret if it was made for another key.
   */
  secretOf(kem: HybridKem, encapsulated: Uint8Array): Uint8Array {
    if (this.#decapsulating?.kem !== kem) {
      const seed = identitySeed(this.#identity);
      const find = kem.expand?.(seed) ?? ((bytes) => kem.decapsulate(seed, bytes));
      this.#decapsulating = { kem, find };
    }
    return this.#decapsulating.find(encapsulated);
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
