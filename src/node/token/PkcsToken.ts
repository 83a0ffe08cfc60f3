import { addressOf } from '../../crypto/addressOf.ts';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import type { HeldKey, SigningKey } from '../../crypto/keys/SigningKey.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { isNamedKey, type KeyToken, type NamedKey } from '../../folder/KeyToken.ts';
import type { Address, Organisation } from '../../protocol/ids.ts';
import { unlessMalformed } from '../../protocol/wire/unlessMalformed.ts';
import type { NamedToken } from './TokenSettings.ts';
import type { TokenAnswer } from './tokenMessages.ts';
import { tokenSignature } from './tokenSignature.ts';
import { TokenThread } from './TokenThread.ts';

/** Longest time that a look or a signature may take, milliseconds: everything else waits meanwhile. */
const PATIENCE = 2000;
/** The reason that callers of the node get: the log has what the module said. */
const NOT_NOW = 'the log of the node says why';

/** Options of `PkcsToken`. */
export interface PkcsTokenOptions extends NamedToken {
  readonly primitives: Primitives;
  /** Milliseconds that a look or a signature may take, if not the usual ones. */
  readonly patience?: number;
}

/**
 * A PKCS#11 token that has keys of organisations. Once it fails, what is to be signed fails at once, until a look finds that it is back: so a
 * token that hangs holds the node up once.
 */
export class PkcsToken implements KeyToken {
  readonly #options: PkcsTokenOptions;
  readonly #thread: TokenThread;
  #used: readonly TokenKey[] = [];
  #fault: MedsealError | undefined;

  /** @param options - The token. */
  constructor(options: PkcsTokenOptions) {
    const { program, module, token, pin, patience = PATIENCE } = options;
    this.#options = options;
    this.#thread = new TokenThread({ program, module, token, pin, patience });
  }

  /** Label of the token. */
  get token(): string {
    return this.#options.token;
  }

  /** The reason that it does not sign, with all that its module says; undefined while it signs, as far as is known. */
  get fault(): MedsealError | undefined {
    return this.#fault;
  }

  /** The same for callers of the node. */
  get refusal(): MedsealError | undefined {
    const fault = this.#fault;
    if (fault === undefined) return undefined;
    const { token } = this;
    if (fault.code === 'TOKEN_PIN_WRONG') {
      return new MedsealError('TOKEN_PIN_WRONG', { token, reason: NOT_NOW }, { cause: fault });
    }
    if (fault.code !== 'TOKEN_ABSENT') return fault;
    return new MedsealError('TOKEN_ABSENT', { token, reason: NOT_NOW }, { cause: fault });
  }

  /**
   * Has the token make a key, unless it has one of that label already.
   *
   * @param organisation - Owner of the key.
   * @param name - Its name among the keys of the organisation.
   * @throws MedsealError `TOKEN_ABSENT`, `TOKEN_PIN_WRONG`, `TOKEN_KEY_ABSENT` if several keys have the label, `TOKEN_KEY_UNUSABLE`,
   * `TOKEN_SILENT`.
   */
  async take(organisation: Organisation, name: string): Promise<NamedKey> {
    const object = `${this.#options.label}-${organisation}-${name}`;
    const { key } = this.#require(await this.#thread.ask({ do: 'take', object }), object);
    const named = { pkcs11: object, publicKey: key };
    if (!isNamedKey(named)) throw this.#failed({ id: 0, code: 'absent' }, object);
    return named;
  }

  /** Returns a key that the token has; it is asked for when it signs. */
  key(named: NamedKey): HeldKey {
    const address = addressOf(this.#options.primitives, hexToBytes(named.publicKey));
    return new TokenKey(named, address, (digest) => this.#sign(named, digest));
  }

  /** Says which keys the organisations of the node sign with now; looks ask for these. */
  use(keys: readonly SigningKey[]): void {
    this.#used = keys.filter((key) => key instanceof TokenKey);
  }

  /** Asks the token whether it is there and has the keys that are used; afterwards `fault` says so. */
  async look(): Promise<void> {
    try {
      this.#require(await this.#thread.ask({ do: 'look' }), '');
      for (const { named } of this.#used) {
        const { pkcs11: object, publicKey } = named;
        const { key } = this.#require(await this.#thread.ask({ do: 'find', object }), object);
        if (key !== publicKey) throw this.#other(object);
      }
      this.#fault = undefined;
    } catch (error) {
      if (!(error instanceof MedsealError)) throw error;
      this.#fault = error;
    }
  }

  /** Ends the helper. */
  async close(): Promise<void> {
    await this.#thread.close();
  }

  #sign({ pkcs11: object, publicKey }: NamedKey, digest: Uint8Array): Uint8Array {
    if (this.#fault !== undefined) throw this.refusal ?? this.#fault;
    try {
      const asked = { do: 'sign', object, digest: bytesToHex(digest) } as const;
      const { signature = '0x' } = this.#require(this.#thread.askNow(asked), object);
      const { primitives } = this.#options;
      const made = unlessMalformed(() => hexToBytes(signature));
      if (made === undefined) throw this.#failed({ id: 0, code: 'absent' }, object);
      const whole = tokenSignature(primitives, digest, made, hexToBytes(publicKey));
      if (whole === undefined) throw this.#other(object);
      return whole;
    } catch (error) {
      if (!(error instanceof MedsealError)) throw error;
      this.#fault = error;
      throw this.refusal ?? error;
    }
  }

  #require(answer: TokenAnswer, object: string): TokenAnswer {
    if (answer.code !== undefined) throw this.#failed(answer, object);
    return answer;
  }

  #other(key: string): MedsealError {
    return new MedsealError('TOKEN_KEY_OTHER', { token: this.token, key });
  }

  #failed({ code, reason = 'its answer is malformed' }: TokenAnswer, key: string): MedsealError {
    const { token } = this;
    if (code === 'pin') return new MedsealError('TOKEN_PIN_WRONG', { token, reason });
    if (code === 'key') return new MedsealError('TOKEN_KEY_ABSENT', { token, key, reason });
    if (code === 'unusable') return new MedsealError('TOKEN_KEY_UNUSABLE', { token, key, reason });
    if (code === 'silent') return new MedsealError('TOKEN_SILENT', { token });
    return new MedsealError('TOKEN_ABSENT', { token, reason });
  }
}

/** A key of a token. */
class TokenKey implements HeldKey {
  readonly named: NamedKey;
  readonly address: Address;
  readonly #sign: (digest: Uint8Array) => Uint8Array;

  constructor(named: NamedKey, address: Address, sign: (digest: Uint8Array) => Uint8Array) {
    this.named = named;
    this.address = address;
    this.#sign = sign;
  }

  sign(digest: Uint8Array): Uint8Array {
    return this.#sign(digest);
  }
}
