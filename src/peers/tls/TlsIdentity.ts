import { createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { bytesToHex } from '../../crypto/bytes.ts';
import { notePublicKey } from '../../crypto/note/NoteKey.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import type { TlsDoor } from '../../http/acceptTls.ts';
import { makeCertificate } from './makeCertificate.ts';

/** An organisation's key and certificate for TLS, and the keys that the network file pins for the others. */
export class TlsIdentity implements TlsDoor {
  /** Key and certificate of the organisation; TLS 1.3 with Ed25519 alone. */
  readonly context: SecureContext;
  readonly #key: Bytes32;
  readonly #organisations: ReadonlyMap<Bytes32, Organisation>;
  readonly #former: ReadonlySet<Bytes32>;
  readonly #known = new WeakMap<TLSSocket, Organisation>();

  /**
   * @param organisation - The organisation.
   * @param seed - Its Ed25519 secret, 32 bytes.
   * @param keys - The keys that the network file pins.
   * @param former - Keys that files before it pinned: their owners may ask for its successors, and for nothing else.
   */
  constructor(
    organisation: Organisation,
    seed: Uint8Array,
    keys: ReadonlyMap<Organisation, Bytes32>,
    former: readonly Bytes32[] = [],
  ) {
    this.context = createSecureContext({
      ...makeCertificate(seed, organisation),
      minVersion: 'TLSv1.3',
      sigalgs: 'ed25519',
    });
    this.#key = bytesToHex(notePublicKey(seed));
    this.#organisations = new Map([...keys].map(([name, key]) => [key, name]));
    this.#former = new Set(former);
  }

  /** Tells whether an organisation of the network is at the other end of a connection, or was before. */
  readonly admits = (socket: TLSSocket): boolean =>
    this.organisationAt(socket) !== undefined || this.#former.has(keyAt(socket) ?? '0x');

  /** Tells whether another one has the same key, and admits the same organisations with the same keys. */
  isSame(other: TlsIdentity | undefined): boolean {
    if (other === undefined || this.#key !== other.#key) return false;
    const [own, others] = [this.#organisations, other.#organisations];
    return (
      own.size === others.size &&
      [...own].every(([key, name]) => others.get(key) === name) &&
      this.#former.size === other.#former.size &&
      [...this.#former].every((key) => other.#former.has(key))
    );
  }

  /**
   * Returns the organisation at the other end of a connection.
   *
   * @param socket - A connection whose handshake is done: the other end has proved that it has its certificate's key.
   * @returns Undefined if it showed no certificate, one that is not valid now, or one whose key is not pinned.
   */
  organisationAt(socket: TLSSocket): Organisation | undefined {
    const known = this.#known.get(socket) ?? this.#organisationIn(socket);
    if (known !== undefined) this.#known.set(socket, known);
    return known;
  }

  #organisationIn(socket: TLSSocket): Organisation | undefined {
    const key = keyAt(socket);
    return key === undefined ? undefined : this.#organisations.get(key);
  }
}

/** The Ed25519 key of a certificate that is valid now. */
function keyAt(socket: TLSSocket): Bytes32 | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  const { validFromDate, validToDate, publicKey } = certificate;
  const now = new Date();
  if (!(validFromDate <= now && now <= validToDate)) return undefined;
  const { kty, crv, x = '' } = publicKey.export({ format: 'jwk' });
  if (kty !== 'OKP' || crv !== 'Ed25519') return undefined;
  return bytesToHex(Buffer.from(x, 'base64url'));
}
