import type { Hono } from 'hono';
import { ledgerApp } from '../../http/ledgerApp.ts';
import { networkApp, type NetworkAppOptions } from '../../http/networkApp.ts';
import type { Portal } from '../../http/portal/readPortal.ts';
import type { AnsweredRequest } from '../../http/reportAnswers.ts';
import type { BlockService } from '../../peers/BlockService.ts';
import { HeardAhead } from '../../peers/HeardAhead.ts';
import { peerApp } from '../../peers/peerApp.ts';
import { MAX_SKEW, PeerGate } from '../../peers/PeerGate.ts';
import type { TlsIdentity } from '../../peers/tls/TlsIdentity.ts';
import type { Configuration } from '../configuration/Configuration.ts';
import type { OrganisationHome } from '../NodeFolder.ts';
import type { RunningNode } from '../openNode.ts';
import { countOutcomes } from '../operate/countOutcomes.ts';
import type { ListenerName, Metrics } from '../operate/createMetrics.ts';
import type { Logger } from '../operate/Logger.ts';
import type { DoorApps } from './Doors.ts';
import type { FolderRole } from './readRole.ts';

/** Options of `doorApps`. */
export interface DoorAppsOptions {
  readonly role: Pick<FolderRole, 'alone' | 'serves' | 'validating'>;
  readonly configuration: Pick<Configuration, 'ledger' | 'limits' | 'listen' | 'validator'>;
  /** The portal that parties are served. */
  readonly portal: Portal | undefined;
  /** As for `networkApp`. */
  readonly readPeople: NetworkAppOptions['readPeople'];
  /** The organisation that others call. */
  readonly home: Pick<OrganisationHome, 'organisation' | 'folder'> | undefined;
  /** The key that the endpoint for others speaks TLS with. */
  readonly identity: TlsIdentity | undefined;
  readonly metrics: Pick<Metrics, 'answered' | 'outcome'>;
  readonly log: Logger;
}

/**
 * Makes what the doors of a process serve of a node, each request counted and logged.
 *
 * @param node - The node.
 * @param options - Settings, and who is served.
 */
export async function doorApps(node: RunningNode, options: DoorAppsOptions): Promise<DoorApps> {
  const { role, configuration, portal, readPeople, home, identity, metrics, log } = options;
  const { clock, random, primitives } = node.ports;
  const agents = new Map(
    [...node.agents].map(([organisation, agent]) => [
      organisation,
      countOutcomes(agent, (counted) => metrics.outcome(organisation, counted)),
    ]),
  );
  const {
    listen,
    limits,
    ledger: { reads },
  } = configuration;
  const ledger = node.ledger ?? (role.serves === 'relayed' ? node.provider : undefined);
  return {
    agents: networkApp(agents, {
      ...listen,
      limits,
      portal,
      readPeople,
      opensLedger: reads === 'anyone',
      clock,
      random,
      onAnswer: answered('agents'),
    }),
    ledger: ledger && ledgerApp(ledger, { onAnswer: answered('ledger') }),
    peers: role.alone || home === undefined ? undefined : await peersApp(home),
  };

  async function peersApp({
    organisation,
    folder,
  }: NonNullable<DoorAppsOptions['home']>): Promise<Hono> {
    const heard = await HeardAhead.open(folder.files, clock.now() + 1000 * MAX_SKEW);
    const own = { network: node.file, organisation, primitives, clock };
    const gate = new PeerGate({ ...own, heard, isSuspended: (name) => node.isSuspended(name) });
    return peerApp({
      ...own,
      gate,
      ports: node.openTo(organisation),
      tls: identity,
      succession: node.succession,
      ...(node.ledger && { ledger: node.ledger }),
      blocks: role.validating && blocksOf(node, configuration.validator),
      random,
      onAnswer: answered('peers'),
    });
  }

  function answered(door: ListenerName): (each: AnsweredRequest) => void {
    return (each) => {
      metrics.answered(door, each);
      const { id, method, route, status, milliseconds } = each;
      const fields = { door, id, method, route, status, ms: Math.round(milliseconds * 10) / 10 };
      if (status >= 500) log.warn('request', fields);
      else if (status >= 400) log.info('request', fields);
      else log.debug('request', fields);
    };
  }
}

/** The blocks of the organisation's validator. One that began with a snapshot, or removed blocks before, does not keep all. */
function blocksOf(
  { provider: ledger }: RunningNode,
  { keepBlocks, snapshotEvery }: Configuration['validator'],
): BlockService {
  const first = { method: 'medseal_consensus', params: ['commit', { height: '1' }] };
  const hasFirst = async (): Promise<boolean> =>
    await ledger.request(first).then(
      () => true,
      () => false,
    );
  return {
    ledger,
    async kept() {
      const all = keepBlocks === undefined && (await hasFirst());
      return { all, snapshots: snapshotEvery > 0 };
    },
  };
}
