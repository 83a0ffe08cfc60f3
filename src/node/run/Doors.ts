import type { Hono } from 'hono';
import { listen, type Listening } from '../../http/listen.ts';
import type { TlsIdentity } from '../../peers/tls/TlsIdentity.ts';
import type { Clock } from '../../protocol/Clock.ts';
import type { Configuration } from '../configuration/Configuration.ts';
import { DeferredApp } from '../operate/DeferredApp.ts';
import type { Drain } from '../operate/Drain.ts';
import { PeerEndpoint } from './PeerEndpoint.ts';
import type { FolderRole } from './readRole.ts';

/** Addresses of a process. */
export interface NodeUrls {
  /** For parties; each organisation below its name. */
  readonly agents: string;
  /** For other organisations; absent if all are in this process. */
  readonly peers?: string;
  /** For tools of the ledger, if it is in this folder, or if a validator is, or if it is passed on. */
  readonly ledger?: string;
  /** For its operator. */
  readonly operate: string;
}

/** The apps that the doors of a process serve while its node is open. */
export interface DoorApps {
  readonly agents: Hono;
  readonly peers?: Hono | undefined;
  readonly ledger?: Hono | undefined;
}

/** Options of `Doors`. */
export interface DoorsOptions {
  readonly role: Pick<FolderRole, 'alone' | 'serves' | 'validating' | 'ledgerUrl'>;
  readonly configuration: Pick<Configuration, 'listen' | 'peers' | 'ledger' | 'operate' | 'limits'>;
  /** Counts the requests under way at all doors but the operator's. */
  readonly drain: Drain;
  /** Measures how long parties wait while the network file changes. */
  readonly clock: Clock;
  /** Tells whether a node may answer now, asked once more when its answer is made. */
  readonly mayAnswer: () => boolean;
  /** The operator's door, which is open always. */
  readonly operate: Hono;
  /** As in `PeerEndpoint`. */
  readonly ownIdentity: () => TlsIdentity | undefined;
}

/** Requests of parties that wait while the network file changes, which takes some seconds. */
const HELD = { patience: 15_000, most: 1000 } as const;

/**
 * The servers of a process, for parties, other organisations, tools of the ledger and the operator. They listen from its
 * start to its end, and tell callers when to try again while no node is open.
 */
export class Doors {
  readonly #drain: Drain;
  readonly #apps: Readonly<Record<keyof DoorApps, DeferredApp>>;
  readonly #listening: Listening[] = [];
  #urls: Omit<NodeUrls, 'peers'> = { operate: '', agents: '' };
  #endpoint: PeerEndpoint | undefined;

  private constructor({ drain, clock, mayAnswer }: DoorsOptions) {
    this.#drain = drain;
    this.#apps = {
      agents: new DeferredApp(drain, mayAnswer, { ...HELD, clock }),
      // Others try again by themselves, and an endpoint whose keys change ends the requests at it first.
      peers: new DeferredApp(drain, mayAnswer),
      ledger: new DeferredApp(drain, mayAnswer),
    };
  }

  /**
   * Begins to listen at all of them.
   *
   * @param options - Addresses, limits and keys.
   * @throws MedsealError `PORT_IN_USE`, `ADDRESS_UNUSABLE`; `NETWORK_FILE_INVALID` if the folder lacks the key for TLS.
   */
  static async listen(options: DoorsOptions): Promise<Doors> {
    const doors = new Doors(options);
    try {
      await doors.#listen(options);
      return doors;
    } catch (error) {
      await doors.close();
      throw error;
    }
  }

  /** Addresses at which the process is reached. */
  get urls(): NodeUrls {
    return { ...this.#urls, ...(this.#endpoint && { peers: this.#endpoint.url }) };
  }

  /** The key that the endpoint for other organisations speaks TLS with now. */
  get identity(): TlsIdentity | undefined {
    return this.#endpoint?.identity;
  }

  /**
   * Serves a node.
   *
   * @param apps - Those of the node.
   * @param isWorthwhile - Resolves once parties that wait since another node was served can be served.
   */
  open({ agents, peers, ledger }: DoorApps, isWorthwhile: () => Promise<void>): void {
    this.#apps.agents.open(agents, isWorthwhile);
    if (ledger !== undefined) this.#apps.ledger.open(ledger);
    if (peers !== undefined) this.#apps.peers.open(peers);
  }

  /** Lets new requests of parties wait, for so many milliseconds at most; those under way go on. */
  hold(milliseconds: number): void {
    this.#apps.agents.hold(milliseconds);
  }

  /**
   * Lets new requests of parties wait until a node is served again, and tells others when to try again.
   *
   * @param milliseconds - The longest wait for those under way.
   */
  async turnAway(milliseconds: number): Promise<void> {
    for (const app of Object.values(this.#apps)) app.close();
    await this.#drain.idle(milliseconds);
  }

  /** Answers parties nothing more, as the process ends; other organisations go on to be answered. */
  endParties(): void {
    const { agents } = this.#apps;
    agents.end();
    agents.close();
  }

  /** Lets no request wait any longer, as the process ends. */
  end(): void {
    for (const app of Object.values(this.#apps)) app.end();
  }

  /** Goes by the keys of the network file that is in force now. */
  async renew(): Promise<void> {
    await this.#endpoint?.renew();
  }

  /** Stops listening, after the answers that are under way. */
  async close(): Promise<void> {
    await this.#endpoint?.close();
    for (const server of this.#listening) await server.close();
  }

  async #listen({ role, configuration, operate, ownIdentity }: DoorsOptions): Promise<void> {
    const { listen: doorway, peers, ledger, limits } = configuration;
    const at = async (
      app: Hono,
      {
        port,
        host,
        proxies = [],
      }: { readonly port: number; readonly host: string; readonly proxies?: readonly string[] },
    ): Promise<string> => {
      const server = await listen(app, port, host, { limits, proxies });
      this.#listening.push(server);
      return server.url;
    };
    const urls = {
      operate: await at(operate, configuration.operate),
      agents: await at(this.#apps.agents.app, doorway),
    };
    if (!role.alone) {
      const app = this.#apps.peers.app;
      this.#endpoint = await PeerEndpoint.listen({ ...peers, app, limits, ownIdentity });
    }
    const own = { port: ledger.port, host: '127.0.0.1' };
    const served = role.serves && (await at(this.#apps.ledger.app, own));
    const { validating, ledgerUrl } = role;
    const url = validating ? ledgerUrl : served;
    this.#urls = { ...urls, ...(url !== undefined && { ledger: url }) };
  }
}
