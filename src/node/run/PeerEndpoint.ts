import type { Hono } from 'hono';
import { listen, type Listening, type ListenOptions } from '../../http/listen.ts';
import type { TlsIdentity } from '../../peers/tls/TlsIdentity.ts';

/** Options of `PeerEndpoint`. */
export interface PeerEndpointOptions extends Pick<ListenOptions, 'limits' | 'proxies'> {
  readonly app: Hono;
  readonly host: string;
  /** The port; 0 for any free one. */
  readonly port: number;
  /** Returns the key that it speaks TLS with by the network file in force; undefined if that pins none. */
  readonly ownIdentity: () => TlsIdentity | undefined;
}

/** The endpoint of a node for other organisations. It speaks TLS while the network file pins keys. */
export class PeerEndpoint {
  readonly #options: PeerEndpointOptions;
  #identity: TlsIdentity | undefined;
  #listening: Listening;
  #renewing: Promise<void> = Promise.resolve();
  #isClosed = false;

  private constructor(
    options: PeerEndpointOptions,
    identity: TlsIdentity | undefined,
    listening: Listening,
  ) {
    this.#options = options;
    this.#identity = identity;
    this.#listening = listening;
  }

  /**
   * Begins to listen.
   *
   * @param options - Address, app and key.
   * @throws MedsealError `PORT_IN_USE`, `ADDRESS_UNUSABLE`; `NETWORK_FILE_INVALID` if the folder lacks the key.
   */
  static async listen(options: PeerEndpointOptions): Promise<PeerEndpoint> {
    const identity = options.ownIdentity();
    return new PeerEndpoint(options, identity, await listenWith(options, identity));
  }

  /** The key that it speaks TLS with, and those of the others; undefined if it speaks plain HTTP. */
  get identity(): TlsIdentity | undefined {
    return this.#identity;
  }

  /** Address at which others reach it. */
  get url(): string {
    return this.#listening.url;
  }

  /**
   * Listens again at its port, by the keys of the network file that is in force now, if they are not those of the one
   * before: connections that were admitted under that one end.
   *
   * @throws MedsealError as `listen` does.
   */
  async renew(): Promise<void> {
    this.#renewing = this.#renew();
    await this.#renewing;
  }

  /** Stops after the answers that are under way, for good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#renewing.catch(() => undefined);
    await this.#listening.close();
  }

  async #renew(): Promise<void> {
    const identity = this.#options.ownIdentity();
    const isSame =
      identity === undefined ? this.#identity === undefined : identity.isSame(this.#identity);
    if (this.#isClosed || isSame) return;
    const port = Number(new URL(this.url).port);
    await this.#listening.close();
    this.#listening = await listenWith({ ...this.#options, port }, identity);
    this.#identity = identity;
  }
}

async function listenWith(
  { app, host, port, limits, proxies }: PeerEndpointOptions,
  tls: TlsIdentity | undefined,
): Promise<Listening> {
  return await listen(app, port, host, {
    ...(limits && { limits }),
    ...(proxies && { proxies }),
    ...(tls && { tls }),
  });
}
