import type { NodePorts } from '../../folder/NodePorts.ts';
import type { TlsIdentity } from '../../peers/tls/TlsIdentity.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Succession } from '../../services/succession/Succession.ts';
import type { NodeFolder } from '../NodeFolder.ts';
import { readSuccession } from '../succession/readSuccession.ts';
import type { OrganisationHome } from '../NodeFolder.ts';
import { homeIn } from '../succession/homeIn.ts';
import { tlsIdentityOf } from '../tlsIdentityOf.ts';
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

  /** First second at which another network file is in force, Unix seconds; undefined if none is known that will be. */
  get changesAt(): number | undefined {
    const { present } = this;
    if (this.#succession === undefined || present === undefined) return undefined;
    const { files } = this.#succession;
    const at = files[files.indexOf(present) + 1]?.before?.at(-1)?.until;
    // After a fork none of those that were heard comes in force.
    return at === undefined || this.#succession.inForce(at) === present ? undefined : at;
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

/**
 * Returns the addresses of the nodes of a network: those of its founding, those of the network file in force, which are
 * newer, and the operator's own settings, which count first.
 *
 * @param founded - As the network was founded.
 * @param present - The network file in force, if it is known.
 * @param settings - The operator's.
 */
function nodeAddresses(
  founded: ReadonlyMap<Organisation, string>,
  present: Pick<NetworkFile, 'nodes'> | undefined,
  settings: Readonly<Record<Organisation, string>>,
): ReadonlyMap<Organisation, string> {
  const named = (present?.nodes ?? []).flatMap(({ organisation, url }) =>
    url === undefined ? [] : [[organisation, url] as const],
  );
  return new Map([...founded, ...named, ...Object.entries(settings)]);
}

/**
 * Returns the key that an organisation's endpoint for others speaks TLS with now: by the network file in force, or by the
 * first one to come that names an organisation which joins.
 *
 * @param home - The organisation, with all its keys.
 * @param succession - The network files that are known.
 * @param at - Now, Unix seconds.
 * @returns Undefined if that file pins no keys.
 * @throws MedsealError `NETWORK_FILE_INVALID` if the folder lacks the key that it pins.
 */
function ownTlsIdentity(
  home: OrganisationHome,
  { files, ...succession }: Pick<Succession, 'files' | 'inForce'>,
  at: number,
): TlsIdentity | undefined {
  const present = succession.inForce(at);
  const own =
    files
      .slice(files.indexOf(present))
      .find(({ authority }) =>
        authority.members.some(({ organisation }) => organisation === home.organisation),
      ) ?? present;
  return tlsIdentityOf(own, homeIn(own, home), files.slice(0, files.indexOf(own)));
}
