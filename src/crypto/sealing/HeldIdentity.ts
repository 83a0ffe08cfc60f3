import type { Identity } from 'age-encryption';
import { identitySeed } from '../keys/ageIdentity.ts';
import type { HybridKem } from './HybridKem.ts';
import { hybridIdentity } from './hybridStanza.ts';

/** The keys of an identity, expanded for one encapsulation. */
interface Expanded {
  readonly kem: HybridKem;
  /** Finds the secret, 32 bytes, that was encapsulated in 1,120 bytes. */
  readonly find: (encapsulated: Uint8Array) => Uint8Array;
  readonly identity: Identity;
}

/** An age identity whose keys are expanded once for many files, and stay in memory for as long as somebody holds it. */
export class HeldIdentity {
  readonly #identity: string;
  #expanded: Expanded | undefined;

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
    return this.#expandedFor(kem).find(encapsulated);
  }

  /**
   * Returns the identity, to unwrap file keys with.
   * @param kem - A fast encapsulation; the library's if absent.
   */
  by(kem: HybridKem | undefined): string | Identity {
    return kem === undefined ? this.#identity : this.#expandedFor(kem).identity;
  }

  #expandedFor(kem: HybridKem): Expanded {
    if (this.#expanded?.kem === kem) return this.#expanded;
    const seed = identitySeed(this.#identity);
    const find = kem.expand?.(seed) ?? ((bytes: Uint8Array) => kem.decapsulate(seed, bytes));
    this.#expanded = { kem, find, identity: hybridIdentity(find) };
    return this.#expanded;
  }
}
