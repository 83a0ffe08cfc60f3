import { MedsealError } from '../errors/MedsealError.ts';
import type { EmbeddedLedger } from '../ledger/openEmbeddedLedger.ts';
import type { AgentPort } from '../protocol/AgentPort.ts';
import type { Organisation } from '../protocol/ids.ts';
import type { NetworkFile, Thresholds } from '../protocol/network/NetworkFile.ts';
import { isGuarded } from '../protocol/release/isGuarded.ts';
import type { PortalPin } from '../protocol/portal/portalStatement.ts';
import type { Quotas } from '../services/agent/Quotas.ts';
import type { PushSettings } from './push/createPushPort.ts';
import type { CheckpointPolicy } from '../services/administrator/createCheckpointer.ts';
import type { Contributor } from '../services/contributor/createContributor.ts';
import type { OpenDatabases } from './databases/OpenDatabases.ts';
import { dealAlone } from './founding/dealAlone.ts';
import { requireApproval } from './founding/approvals.ts';
import { beginFounding } from './founding/beginFounding.ts';
import { openNodeFolder } from './NodeFolder.ts';
import { machinePorts, type NodePorts } from '../folder/NodePorts.ts';
import { acceptEveryone } from './openAuthority.ts';
import { openNode, type RunningNode } from './openNode.ts';

/** The organisations of a network by default. */
export const DEFAULT_ORGANISATIONS = ['hospital', 'laboratory', 'insurer'] as const;

/** Options of `openNetwork`. */
export interface NetworkOptions {
  /** The folder: nodes under `node/`, the authority under `authority/`, devices under `parties/`. */
  readonly folder: string;
  /** True if a network that is founded now is a demonstration, which accepts every application. */
  readonly demo: boolean;
  /** Organisations of a network that is founded now; the first one founds it. */
  readonly organisations?: readonly Organisation[];
  /** Number of organisations of a network that is founded now whose coordinators may be faulty; 0 if absent. */
  readonly faulty?: number;
  /** True if the records of a network that is founded now open without a release; guarded by a release key if absent. */
  readonly unguarded?: boolean;
  /** Its thresholds for coordinators; the smallest possible if absent. */
  readonly thresholds?: Partial<Thresholds>;
  readonly policy?: CheckpointPolicy;
  /** Quotas of a party at a node, if they differ from the defaults. */
  readonly quotas?: Partial<Quotas>;
  /** Push services that its organisations may call; they tell no browser of news if absent. */
  readonly push?: PushSettings | undefined;
  /** Ports; those of the machine if absent. */
  readonly ports?: NodePorts;
  /** The portal that the agents serve; none if absent. */
  readonly portal?: PortalPin | undefined;
  /** Called with failures in the background. */
  readonly onFailure?: (error: unknown) => void;
}

/** A consortium in one process. */
export interface RunningNetwork {
  readonly file: NetworkFile;
  /** The agents, each behind a transport that encodes every value. */
  readonly agents: ReadonlyMap<Organisation, AgentPort>;
  readonly ledger: EmbeddedLedger;
  readonly ports: NodePorts;
  /** The contributors, for the operator of the network: they catch up, and repair. */
  readonly contributors: ReadonlyMap<Organisation, Contributor>;
  /** Has every organisation copy the last entries of the others, which it has within some seconds by itself. */
  handOver(): Promise<void>;
  /** Ends work that is under way and closes every store. */
  close(): Promise<void>;
}

/**
 * Opens the network of a folder in one process, or founds one there.
 *
 * @param options - The folder, and the terms of a new network.
 * @throws MedsealError as `openNodeFolder` and `openNode` do; `KEYSTORE_DEMO` if a demonstration is not opened as one;
 * `ARGUMENT_INVALID` if it is to be unguarded, and has a release key.
 */
export async function openNetwork(options: NetworkOptions): Promise<RunningNetwork> {
  return (await openNetworkNode(options)).network;
}

/**
 * Opens the network of a folder as `openNetwork` does, for who operates its nodes.
 *
 * @param options - The folder, and the terms of a new network; what opens the databases of its stores, in the folder if absent.
 * @throws MedsealError as `openNetwork` does.
 */
export async function openNetworkNode(
  options: NetworkOptions & { readonly openDatabases?: OpenDatabases },
): Promise<{ readonly network: RunningNetwork; readonly node: RunningNode }> {
  const ports = options.ports ?? (await machinePorts());
  const { demo, organisations: hosts = DEFAULT_ORGANISATIONS, faulty, thresholds } = options;
  const folder = await openNodeFolder(options.folder, { ports, create: { demo, hosts } });
  try {
    if (folder.demo && !demo) throw new MedsealError('KEYSTORE_DEMO', {});
    const names = folder.homes.map(({ organisation }) => organisation);
    const network = { demo: folder.demo, organisations: names, faulty, thresholds };
    const deal =
      options.unguarded === true
        ? undefined
        : async (threshold: number) => await dealAlone(folder, threshold, ports);
    await beginFounding(folder.files, { ...network, deal }, ports);
  } catch (error) {
    await folder.close();
    throw error;
  }
  const { policy, quotas, push, portal, openDatabases, onFailure } = options;
  const node = await openNode({
    folder,
    ports,
    portal,
    push,
    accepts: folder.demo ? acceptEveryone : requireApproval,
    ...(policy && { policy }),
    ...(quotas && { quotas }),
    ...(openDatabases && { openDatabases }),
    ...(onFailure && { onFailure }),
  });
  try {
    if (options.unguarded === true && isGuarded(node.file)) {
      const reason = 'the network in this folder has a release key: start it without --unguarded';
      throw new MedsealError('ARGUMENT_INVALID', { argument: '--unguarded', reason });
    }
    await node.settle();
    if (node.ledger === undefined) throw new MedsealError('LEDGER_UNREACHABLE', {});
    const contributors = new Map(
      [...node.organisations].map(([name, { contributor }]) => [name, contributor]),
    );
    return { network: { ...node, ledger: node.ledger, contributors }, node };
  } catch (error) {
    await node.close().catch(onFailure ?? (() => undefined));
    throw error;
  }
}
