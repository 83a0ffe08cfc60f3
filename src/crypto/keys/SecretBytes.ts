const HIDDEN = '[secret]';

/** Bytes like any others, except that neither an inspection nor JSON shows them. */
export class SecretBytes extends Uint8Array {
  /** Results computed from them are not secret bytes of their own accord. */
  static get [Symbol.species](): Uint8ArrayConstructor {
    return Uint8Array;
  }

  /** Text that stands for them in JSON. */
  toJSON(): string {
    return HIDDEN;
  }

  /** Text that stands for them in `console.log` and in errors of assertions in Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return HIDDEN;
  }
}
