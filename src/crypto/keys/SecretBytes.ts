const HIDDEN = '[secret]';

/** Bytes that compute as any others, and that neither an inspection nor JSON shows. */
export class SecretBytes extends Uint8Array {
  /** What they compute to is no secret bytes of its own accord. */
  static get [Symbol.species](): Uint8ArrayConstructor {
    return Uint8Array;
  }

  /** What JSON says of them. */
  toJSON(): string {
    return HIDDEN;
  }

  /** What `console.log` and errors of assertions say of them in Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return HIDDEN;
  }
}
