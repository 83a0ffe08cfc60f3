import type { MedsealError } from '../../errors/MedsealError.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { PeerPorts } from '../../services/peers/peerCalls.ts';
import { requireApproval } from '../founding/approvals.ts';
import { keptTrust } from '../keptTrust.ts';
import { acceptEveryone } from '../openAuthority.ts';
import { openNode, type RunningNode } from '../openNode.ts';
import type { Metrics } from '../operate/createMetrics.ts';
import { remoteOrganisations } from '../remoteOrganisations.ts';
import { homeIn } from '../succession/homeIn.ts';
import type { Hearing } from '../succession/keepHearing.ts';
import type { ValidatorProcess } from '../validator/superviseValidator.ts';
import { askForKeys } from '../token/followToken.ts';
import { doorApps } from './doorApps.ts';
import type { Doors } from './Doors.ts';
import { othersIn } from './othersIn.ts';
import { peopleIn } from './peopleIn.ts';
import type { RunContext } from './RunContext.ts';
import { tendNode, type OpenedNode } from './tendNode.ts';
import { untilEnoughAnswer } from './untilEnoughAnswer.ts';

/** The parts that a node is served with. */
export interface ServedWith {
  readonly doors: Doors;
  readonly metrics: Metrics;
  readonly validator: ValidatorProcess | undefined;
  /** Returns what asks other nodes for successors, once it does. */
  readonly hearing: () => Hearing | undefined;
  /** Called once the node knows its network file, before it is served. */
  readonly onKnown: (node: RunningNode) => void;
  /** Ends its wait for the ledger. */
  readonly signal: AbortSignal;
  /** Called each time that the ledger was not reached. */
  readonly onUnreached: () => void;
}

/** Longest wait for other organisations after the network file changed, milliseconds. */
const OTHERS_PATIENCE = 10_000;

/**
 * Opens the node under the network file in force, and serves it.
 *
 * @param context - The process.
 * @param served - The parts that it is served with.
 * @throws MedsealError as `openNode` does.
 */
export async function openPresent(context: RunContext, served: ServedWith): Promise<OpenedNode> {
  const { folder, configuration, ports, log, role, known, space, waiting, portal } = context;
  const { openStore, openDatabases, standby, onFailure } = context;
  const { doors, metrics, validator, hearing, onKnown, signal, onUnreached } = served;
  const { hosts, alone, ledgerUrl } = role;
  if (standby !== undefined && known.present !== undefined) {
    const onWaiting = (reason: MedsealError): void => waiting.waits('waiting as standby', reason);
    const { networkId } = known.present;
    const hasWaited = await standby.lead(folder.homes, networkId, { signal, onWaiting });
    if (hasWaited) log.info('takes over', { hosts: hosts.join(',') });
  }
  const far = remoteOrganisations({
    ports,
    urls: known.urls,
    patience: configuration.peers.timeout * 1000,
    ...(ledgerUrl !== undefined && { ledger: { url: ledgerUrl } }),
    trust: keptTrust(folder.files),
    onNetwork: (organisation, fingerprint) => hearing()?.hint(organisation, fingerprint),
    onWaiting: (error) => {
      waiting.waits('waiting for the ledger', error);
      onUnreached();
    },
    signal,
  });
  const { accepts } = configuration.authority;
  const node = await openNode({
    folder,
    keepsFolder: true,
    succession: known.succession,
    ports,
    ...(!alone && { far }),
    policy: configuration.checkpoints,
    quotas: configuration.quotas,
    fileBytes: configuration.limits.fileBytes,
    ...(configuration.push.services.length > 0 && { push: configuration.push }),
    openStore,
    openDatabases,
    accepts: accepts === 'everyone' ? acceptEveryone : requireApproval,
    full: () => space.fault ?? folder.token?.refusal,
    portal,
    onOlderBlocks: (error) => {
      if (error === undefined) log.info('older blocks are read at other organisations');
      else waiting.waits('an organisation does not prove older blocks', error);
    },
    onFailure,
  });
  onKnown(node);
  askForKeys(folder.token, folder.homes, node.file);
  const [home] = folder.homes.map((each) => homeIn(node.file, each));
  const peers = (): ReadonlyMap<Organisation, PeerPorts> => {
    if (home === undefined) return new Map();
    const others = othersIn(node.file, hosts);
    return new Map(others.map((name) => [name, far.peer(node.file, home, name)]));
  };
  const opened = await tendNode(node, {
    clock: ports.clock,
    space,
    token: folder.token,
    peers,
    refused: hearing()?.refused,
    validator,
    log,
    onFailure,
  });
  const { identity } = doors;
  try {
    const apps = await doorApps(node, {
      role,
      configuration,
      portal,
      readPeople: node.file.demo ? peopleIn(folder) : undefined,
      home,
      identity,
      metrics,
      log,
    });
    doors.open(apps, async () => {
      const [others, needed] = [peers().values(), neededBeside(node.file, hosts)];
      const { clock } = ports;
      await untilEnoughAnswer({ others, needed, clock, patience: OTHERS_PATIENCE, signal });
    });
    return opened;
  } catch (error) {
    await opened.close().catch(onFailure);
    throw error;
  }
}

/** Number of organisations beside those of this process that have to agree before anything is written or seen. */
function neededBeside({ channels }: NetworkFile, hosts: readonly Organisation[]): number {
  const most = channels.map(({ thresholds: { writes, views } }) => Math.max(writes, views));
  return Math.max(0, ...most) - hosts.length;
}
