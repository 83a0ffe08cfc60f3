import { MemoryLevel } from 'memory-level';
import type { LedgerProvider } from '../../../bindings/LedgerProvider.ts';
import { openParty, type Party } from '../../../client/Party.ts';
import { openEmbeddedLedger, type EmbeddedLedger } from '../../../ledger/openEmbeddedLedger.ts';
import { openSender, type Sender } from '../../../ledger/openSender.ts';
import { createNativePrimitives } from '../../../native/nativePrimitives.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import type { AgentPort } from '../../../protocol/AgentPort.ts';
import type { Clock } from '../../../protocol/Clock.ts';
import { contextOf } from '../../contextOf.ts';
import type { Organisation } from '../../../protocol/ids.ts';
import type { NetworkFile } from '../../../protocol/NetworkFile.ts';
import { createAuthority } from '../../../services/createAuthority.ts';
import { memoryIssued } from '../memoryIssued.ts';
import { guardPorts } from '../../../services/guardPorts.ts';
import { LedgerIndex } from '../../../services/LedgerIndex.ts';
import type { PeerPorts } from '../../../services/peerRules.ts';
import type { AuthorityPort } from '../../../services/ports.ts';
import { memoryFiles } from '../../../vault/test/memoryFiles.ts';
import { FOLDER_FORMAT, type Founding } from '../../Founding.ts';
import { foundNetwork } from '../../foundNetwork.ts';
import { loopback } from '../../loopback.ts';
import { nativeSha256 } from '../../nativeSha256.ts';
import type { NodePorts } from '../../NodePorts.ts';
import { identityOf } from '../../OrganisationIdentity.ts';
import { openOrganisation, type Peers, type RunningOrganisation } from '../../openOrganisation.ts';
import { openAuthorityKey, openOrganisationKeys } from '../../organisationKeys.ts';
import { memoryDevice } from '../../../client/memoryDevice.ts';
import { BEGIN, ORGANISATIONS, seededRandom } from '../testNetwork.ts';
import type { FaultPlan } from './FaultPlan.ts';
import { frugalCipher } from './frugalCipher.ts';
import { Host } from './Host.ts';
import type { Scheduler } from './Scheduler.ts';
import { SimulatedFolder } from './SimulatedFolder.ts';
import type { SimulatedNetwork } from './SimulatedNetwork.ts';

const primitives = await createNativePrimitives();
/** Milliseconds after which the ledger's answer is no longer waited for. */
const LEDGER_PATIENCE = 2000;
const POLICY = { maxEntries: 16, maxDelay: 200 };

/** An organisation that is up: the life of its process, and its services. */
interface Home {
  readonly end: Host;
  readonly running: RunningOrganisation;
  readonly authority: AuthorityPort;
}

/** What a simulated consortium stands on. */
export interface ConsortiumOptions {
  readonly seed: string;
  readonly scheduler: Scheduler;
  readonly plan: FaultPlan;
  readonly network: SimulatedNetwork;
}

/** Three organisations on simulated time, disks and messages, which can crash, and come back with what was synced. */
export interface Consortium {
  readonly file: NetworkFile;
  readonly ledger: EmbeddedLedger;
  readonly ports: NodePorts;
  /** What failed in the background. */
  readonly failures: unknown[];
  /** The services of an organisation, past the network; undefined while it is down. */
  services(organisation: Organisation): RunningOrganisation | undefined;
  /** A party at a device of its own, not yet enrolled. */
  party(name: string, organisation: Organisation): Promise<Party>;
  /** Resolves when every organisation is up. */
  allUp(): Promise<void>;
}

/**
 * Founds a consortium and opens its organisations.
 *
 * @param options - Seed, time, faults, messages.
 */
export async function foundConsortium(options: ConsortiumOptions): Promise<Consortium> {
  const { seed, scheduler, plan, network } = options;
  const random = seededRandom(seed);
  const cipher = frugalCipher();
  const portsAt = (clock: Clock): NodePorts => {
    return { clock, random, primitives, cipher, createSha256: nativeSha256 };
  };
  const ports = portsAt(scheduler.clock());
  const founding: Founding = {
    format: FOLDER_FORMAT,
    networkId: `0x${Buffer.from(random(32)).toString('hex')}`,
    demo: true,
    chainId: 31_337,
    timestamp: BEGIN,
    channel: 'care',
    threshold: 2,
    faulty: 0,
    thresholds: { writes: 2, views: 2 },
    organisations: ORGANISATIONS,
  };
  const origins = new Map<Organisation, Origin>();
  for (const name of ORGANISATIONS) {
    origins.set(name, {
      keys: await openOrganisationKeys(memoryFiles(), ports),
      authorityKey: await openAuthorityKey(memoryFiles(), ports),
      folder: new SimulatedFolder(),
    });
  }
  const ledger = await openEmbeddedLedger({
    database: new MemoryLevel(),
    chainId: founding.chainId,
    genesis: {
      timestamp: BEGIN,
      senders: [...origins.values()].map(({ keys }) => keys.sender.address),
    },
    clock: ports.clock,
    primitives,
  });
  const identities = [...origins].map(([organisation, { keys, authorityKey }]) =>
    identityOf(organisation, keys, authorityKey),
  );
  const founder = senderOf(originAt('hospital'), ledger, ports.clock);
  const file = await foundNetwork(founding, identities, ledger, founder, primitives);
  const [channel] = file.channels;
  if (channel === undefined) throw new Error('no channel');
  const homes = new Map<Organisation, Home>();
  const failures: unknown[] = [];
  /** Returns of organisations that are down. */
  const returns = new Set<Promise<void>>();
  for (const name of ORGANISATIONS) await open(name);

  return { file, ledger, ports, failures, services, party, allUp };

  function services(organisation: Organisation): RunningOrganisation | undefined {
    const home = homes.get(organisation);
    return home?.end.alive === true ? home.running : undefined;
  }

  async function open(organisation: Organisation): Promise<void> {
    const origin = originAt(organisation);
    const host = new Host(organisation, (step) => crashes(organisation, step));
    const clock = scheduler.clock(
      () => plan.skew(organisation),
      () => host.alive,
    );
    const provider = ledgerFor(host);
    const own = portsAt(clock);
    const index = new LedgerIndex({ provider, contracts: file.contracts, clock });
    const context = contextOf(own, { network: file, organisation, index });
    const authority = createAuthority(context, {
      key: origin.authorityKey,
      accepts: async () => await Promise.resolve(true),
      issued: memoryIssued(),
    });
    const running = await openOrganisation({
      organisation,
      network: file,
      channel: channel as NonNullable<typeof channel>,
      folder: origin.folder.openedBy(host),
      keys: origin.keys,
      ledger: provider,
      sender: senderOf(origin, provider, clock),
      policy: POLICY,
      peers: peersOf(host),
      ports: own,
      onFailure: (error) => failures.push(error),
    });
    homes.set(organisation, { end: host, running, authority });
  }

  /** Whether an organisation crashes at a step; it then comes back after a while. */
  function crashes(organisation: Organisation, step: string): boolean {
    const down = [...homes.values()].some(({ end }) => !end.alive);
    // With two of three down nothing would happen at all.
    if (down || !plan.crashes()) return false;
    scheduler.note(`crash of ${organisation} ${step}`);
    const back = comeBack(organisation);
    returns.add(back);
    void back.finally(() => returns.delete(back));
    return true;
  }

  async function comeBack(organisation: Organisation): Promise<void> {
    await scheduler.sleep(plan.absence());
    scheduler.note(`return of ${organisation}`);
    await originAt(organisation).folder.losePower();
    await open(organisation);
    const { administrator, contributor } = homes.get(organisation)?.running ?? {};
    // As a node does when it starts; it may crash again meanwhile.
    void administrator?.checkpoint().catch((error: unknown) => failures.push(error));
    void contributor?.catchUp();
  }

  async function allUp(): Promise<void> {
    while (returns.size > 0) await Promise.all(returns);
  }

  function peersOf(host: Host): Peers {
    return (receiver) => {
      const guarded = (home: Home): PeerPorts =>
        guardPorts({ ...home.running, ...home }, { network: file, caller: host.name, receiver });
      const find =
        <Service extends keyof PeerPorts>(service: Service) =>
        () => {
          const home = homes.get(receiver);
          return home && { end: home.end, port: guarded(home)[service] };
        };
      return {
        coordinator: network.link(host, receiver, 'coordinator', find('coordinator')),
        contributor: network.link(host, receiver, 'contributor', find('contributor')),
        authority: network.link(host, receiver, 'authority', find('authority')),
      };
    };
  }

  function agentAt(name: Organisation): { end: Host; port: AgentPort } | undefined {
    const home = homes.get(name);
    return home && { end: home.end, port: home.running.agent };
  }

  /** The ledger as a host reaches it; a request may be lost, or its answer. */
  function ledgerFor(host: Host): LedgerProvider {
    const far: LedgerProvider = {
      async request(call) {
        await travel(`${host.name} > ledger ${call.method}`);
        const answer = await scheduler.hold(ledger.request(call));
        await travel(`ledger > ${host.name} ${call.method}`);
        return answer;
      },
    };
    return loopback(host.fence(far, new Set(['request']), 'ledger'));
  }

  async function travel(what: string): Promise<void> {
    const delay = plan.ledgerDelay();
    if (delay === undefined) {
      scheduler.note(`lost ${what}`);
      await scheduler.sleep(LEDGER_PATIENCE);
      throw new MedsealError('LEDGER_UNREACHABLE', {});
    }
    if (delay > 0) await scheduler.sleep(delay);
  }

  function senderOf({ keys }: Origin, provider: LedgerProvider, clock: Clock): Sender {
    const { chainId } = founding;
    return openSender({ provider, chainId, secret: keys.sender.signingKey, primitives, clock });
  }

  function originAt(organisation: Organisation): Origin {
    const origin = origins.get(organisation);
    if (origin === undefined) throw new Error(`there is no ${organisation}`);
    return origin;
  }

  async function party(name: string, organisation: Organisation): Promise<Party> {
    const client = { name, alive: true };
    const agent = network.link<AgentPort>(client, organisation, 'agent', () =>
      agentAt(organisation),
    );
    return await openParty({
      ...ports,
      seed: random(32),
      network: file,
      agent,
      log: `care/${organisation}`,
      device: memoryDevice(),
    });
  }
}

/** What an organisation is from its founding on. */
interface Origin {
  readonly keys: Awaited<ReturnType<typeof openOrganisationKeys>>;
  readonly authorityKey: Awaited<ReturnType<typeof openAuthorityKey>>;
  readonly folder: SimulatedFolder;
}
