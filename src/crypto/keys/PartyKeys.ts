import { deriveParty } from './deriveParty.ts';

/**
 * The secrets of a party, which one seed gives. They are private fields: printing, inspecting, serialising, copying or
 * comparing whatever holds this object shows none of them.
 */
export class PartyKeys {
  readonly #seed: Uint8Array;
  readonly #signingKey: Uint8Array;
  readonly #identity: string;

  /**
   * @param seed - 32 random bytes that all of them derive from.
   * @throws MedsealError `SEED_MALFORMED`.
   */
  constructor(seed: Uint8Array) {
    const { signingKey, identity } = deriveParty(seed);
    this.#seed = seed;
    this.#signingKey = signingKey;
    this.#identity = identity;
  }

  /** 32 bytes that everything else derives from. */
  seed(): Uint8Array {
    return this.#seed;
  }

  /** secp256k1 scalar, 32 bytes: signs requests. */
  signingKey(): Uint8Array {
    return this.#signingKey;
  }

  /** age identity (`AGE-SECRET-KEY-PQ-1…`): opens what is sealed to the party. */
  identity(): string {
    return this.#identity;
  }
}
