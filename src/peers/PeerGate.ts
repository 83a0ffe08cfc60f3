import { MedsealError } from '../errors/MedsealError.ts';
import type { Clock } from '../protocol/Clock.ts';
import { domainOf } from '../protocol/struct/domainOf.ts';
import type { Address, Bytes32, Organisation } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { parseSigned } from '../protocol/struct/parseSigned.ts';
import type { Signed } from '../protocol/struct/requests.ts';
import { verifySigned, type SigningContext } from '../protocol/struct/signing.ts';
import type { HeardAhead } from './HeardAhead.ts';
import { decodePeerCall } from './peerCall.ts';
import { RecentNonces } from './RecentNonces.ts';

/** Greatest distance of the moment of a call from this clock, seconds. */
export const MAX_SKEW = 30;

/** Options of `PeerGate`. */
export interface PeerGateOptions {
  readonly network: NetworkFile;
  /** The organisation that is called. */
  readonly organisation: Organisation;
  readonly primitives: SigningContext['primitives'];
  readonly clock: Clock;
  /** Tells whether the Registry says that an organisation's node is suspended. */
  readonly isSuspended: (organisation: Organisation) => boolean;
  /** Its memory, across restarts, of callers whose clocks are ahead. */
  readonly heard: HeardAhead;
}

/** A call whose caller is known, and whose body is yet to be compared. */
export interface AdmittedCall {
  readonly caller: Organisation;
  /** SHA-256 that the body must have. */
  readonly body: Bytes32;
}

/**
 * Authenticates the calls of other organisations: each must be signed by the key that the network file names for the
 * caller's coordinator, for this receiver and this path, now, and once.
 */
export class PeerGate {
  readonly #options: PeerGateOptions;
  readonly #signing: SigningContext;
  readonly #keys: ReadonlyMap<Organisation, Address>;
  readonly #nonces: RecentNonces;
  /** Calls signed before this are refused, because the node does not remember whether it heard them before a restart. */
  readonly #began: number;

  /** @param options - The network, the organisation that is called, and the ports. */
  constructor(options: PeerGateOptions) {
    const { network, primitives, clock } = options;
    this.#options = options;
    this.#signing = { domain: domainOf(network), primitives };
    this.#keys = new Map(
      network.channels
        .flatMap(({ coordinators }) => coordinators)
        .map(({ organisation, address }) => [organisation, address]),
    );
    this.#nonces = new RecentNonces(clock, 2 * MAX_SKEW * 1000);
    this.#began = clock.now();
  }

  /**
   * Authenticates a call by its head alone, before a byte of its body is read.
   *
   * @param head - Method, path and `Authorization` header; the organisation whose key the connection's other end has,
   * if the nodes speak TLS themselves.
   * @throws MedsealError `PEER_UNAUTHENTIC`, `PEER_CALL_SKEWED`, `PEER_CALL_REPEATED`, `PARTY_SUSPENDED`,
   * `QUOTA_SPENT`, `FOLDER_UNWRITABLE`.
   */
  async admit(head: {
    readonly method: string;
    readonly path: string;
    readonly authorization: string | undefined;
    readonly connected?: Organisation | undefined;
  }): Promise<AdmittedCall> {
    const signed = this.#read(head.authorization);
    const { caller, receiver, method, path, body, at, nonce } = signed.message;
    const { organisation, clock, heard, isSuspended } = this.#options;
    const fits = receiver === organisation && method === head.method && path === head.path;
    const isRelayed = head.connected !== undefined && head.connected !== caller;
    if (!fits || isRelayed || this.#keys.get(caller) !== signed.party) throw unauthentic();
    const now = clock.now();
    const isOfBefore = at < this.#began || at <= heard.before(caller);
    if (Math.abs(now - at) > MAX_SKEW * 1000 || isOfBefore) {
      throw new MedsealError('PEER_CALL_SKEWED', { limit: MAX_SKEW });
    }
    try {
      verifySigned(this.#signing, signed, signed.party);
    } catch (cause) {
      throw unauthentic(cause);
    }
    // Only a caller that signed can take up memory here.
    if (!this.#nonces.add(caller, nonce)) throw new MedsealError('PEER_CALL_REPEATED', {});
    if (isSuspended(caller)) throw new MedsealError('PARTY_SUSPENDED', {});
    // After a restart its moment would not show that it was heard before.
    if (at > now) await heard.note(caller, at);
    return { caller, body };
  }

  #read(authorization: string | undefined): Signed<'PeerCall'> {
    try {
      return parseSigned(decodePeerCall(authorization ?? ''), ['PeerCall']);
    } catch (cause) {
      throw unauthentic(cause);
    }
  }
}

function unauthentic(cause?: unknown): MedsealError {
  return new MedsealError('PEER_UNAUTHENTIC', {}, { cause });
}
