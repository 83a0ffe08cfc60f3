import type { NodePorts } from '../../folder/NodePorts.ts';
import type { TlsIdentity } from '../../peers/tls/TlsIdentity.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Succession } from '../../services/succession/Succession.ts';
import type { NodeFolder } from '../NodeFolder.ts';
import { readSuccession } from '../succession/readSuccession.ts';
import { nodeAddresses } from './nodeAddresses.ts';
import { ownTlsIdentity } from './ownTlsIdentity.ts';
import type { FolderRole } from './readRole.ts';

/** Options of `KnownNetwork`. */
export interface KnownNetworkOptions {
  readonly folder: Pick<NodeFolder, 'files' | 'homes'>;
  readonly role: Pick<FolderRole, 'alone' | 'founded'>;
  readonly ports: Pick<NodePorts, 'clock' | 'primitives'>;
  /** Addresses in the operator's own settings. */
  readonly urls: Readonly<Record<Organisation, string>>;
}

/** A network as a process knows it, by the network file that is in force at the moment of each question. */
export class KnownNetwork {
  readonly #options: KnownNetworkOptions;
  #succession: Succession | undefined;

  private constructor(options: KnownNetworkOptions, succession: Succession | undefined) {
    this.#options = options;
    this.#succession = succession;
  }

  /**
   * Reads a folder's network file with its successors. The founder's first start writes that file; of a malformed one the
   * node tells when it is opened.
   */
  static async read(options: KnownNetworkOptions): Promise<KnownNetwork> {
    const { folder, ports } = options;
    const found = await readSuccession(folder.files, ports).catch(() => undefined);
    return new KnownNetwork(options, found);
  }

  /** The network file and its successors; undefined before the founder's first start. */
  get succession(): Succession | undefined {
    return this.#succession;
  }

  /** Notes what a node was opened with that wrote the network file. */
  founded(succession: Succession): void {
    this.#succession ??= succession;
  }

  /** The network file in force. */
  get present(): NetworkFile | undefined {
    return this.#succession?.inForce(seconds(this.#options.ports.clock));
  }

  /** Addresses of the nodes. */
  get urls(): ReadonlyMap<Organisation, string> {
    const { role, urls } = this.#options;
    return nodeAddresses(role.founded, this.present, urls);
  }

  /** The key that this process speaks TLS with to other organisations; undefined if it has none to speak to. */
  ownIdentity(): TlsIdentity | undefined {
    const { folder, role, ports } = this.#options;
    const [home] = folder.homes;
    if (role.alone || home === undefined || this.#succession === undefined) return undefined;
    return ownTlsIdentity(home, this.#succession, seconds(ports.clock));
  }
}
