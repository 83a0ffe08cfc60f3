import { RowStore } from '../../src/database/rows/RowStore.ts';
import type { LedgerProvider } from '../../src/bindings/LedgerProvider.ts';
import { openParty, type Party } from '../../src/client/party/Party.ts';
import { openSender, type Sender } from '../../src/ledger/openSender.ts';
import { createNativePrimitives } from '../../src/native/nativePrimitives.ts';
import type { AgentPort } from '../../src/protocol/AgentPort.ts';
import type { Clock } from '../../src/protocol/Clock.ts';
import { contextOf } from '../../src/node/contextOf.ts';
import type { Organisation } from '../../src/protocol/ids.ts';
import type { NetworkFile } from '../../src/protocol/network/NetworkFile.ts';
import { createAuthority } from '../../src/services/enrolment/createAuthority.ts';
import { IssuedIdFiles } from '../../src/services/enrolment/IssuedIdFiles.ts';
import { guardPorts } from '../../src/peers/guardPorts.ts';
import { indexBasis, LedgerIndex } from '../../src/services/LedgerIndex.ts';
import type { PeerPorts } from '../../src/services/peers/peerCalls.ts';
import type { AuthorityPort } from '../../src/services/ports.ts';
import { loopback } from '../../src/peers/loopback.ts';
import { nativeSha256 } from '../../src/folder/nativeSha256.ts';
import type { NodePorts } from '../../src/folder/NodePorts.ts';
import {
  openOrganisation,
  type Peers,
  type RunningOrganisation,
} from '../../src/node/openOrganisation.ts';
import type { FaultPlan } from './FaultPlan.ts';
import { Host, type Fate } from './Host.ts';
import type { Base, Origin } from './newBase.ts';
import { openSimulatedLedger, type BlocksSeen, type CheckedLedger } from './openSimulatedLedger.ts';
import { pooledRandom } from './pooledRandom.ts';
import { rememberingPrimitives } from './rememberingPrimitives.ts';
import type { Scheduler } from './Scheduler.ts';
import { simulatedCipher } from './simulatedCipher.ts';
import type { SimulatedDevice } from './SimulatedDevice.ts';
import type { SimulatedNetwork } from './SimulatedNetwork.ts';
import type { ValidatorPlan } from './validators/ValidatorPlan.ts';

/** Primitives that all simulations in a process share, so that signatures are remembered. */
const primitives = rememberingPrimitives(await createNativePrimitives());
const POLICY = { maxEntries: 16, maxDelay: 200 };

/** An organisation that is up: the life of its process, and its services. */
interface Home {
  readonly end: Host;
  readonly running: RunningOrganisation;
  readonly authority: AuthorityPort;
}

/** Options of `openConsortium`. */
export interface ConsortiumOptions {
  readonly seed: string;
  readonly scheduler: Scheduler;
  readonly plan: FaultPlan;
  readonly network: SimulatedNetwork;
  /** Rules and faults of the organisations' validators; one embedded ledger that all ask holds the blocks if absent. */
  readonly validators?: ValidatorPlan;
  /** Decides what becomes of each step on a disk, in place of the plan: `ledger` has one as well. */
  readonly onDisk?: (at: string, step: string) => Fate;
}

/** Organisations on simulated time, disks and messages, which can crash, and come back with what was synced. */
export interface Consortium {
  readonly organisations: readonly Organisation[];
  readonly file: NetworkFile;
  readonly ledger: CheckedLedger;
  readonly ports: NodePorts;
  /** Failures in the background, with their organisations. */
  readonly failures: { readonly at: Organisation; readonly error: unknown }[];
  /** The services of an organisation, past the network; undefined while it is down. */
  services(organisation: Organisation): RunningOrganisation | undefined;
  /** Newest blocks that an organisation's services can read now, and that they ever could. */
  blocksAt(organisation: Organisation): BlocksSeen;
  /** A party at a device, which may be enrolled or not. */
  party(person: Person): Promise<Party>;
  /** Resolves when every organisation is up. */
  allUp(): Promise<void>;
  /** Lets every log be checkpointed, and copied by all. */
  settle(): Promise<void>;
  /** Ends all services. */
  stop(): Promise<void>;
  /** Ends everything at once; nothing is opened again. */
  crash(): void;
  /** Does that, and takes disks back to what was synced, as a power cut does that hits all. */
  losePower(survives?: () => boolean): Promise<void>;
}

/** Somebody with a device, at an organisation. */
export interface Person {
  readonly name: string;
  readonly organisation: Organisation;
  /** 32 bytes. */
  readonly seed: Uint8Array;
  readonly device: SimulatedDevice;
}

/**
 * Opens a consortium's ledger and organisations over their disks; founds the network if these are empty.
 *
 * @param base - Disks and keys.
 * @param options - Seed, time, faults, messages.
 */
export async function openConsortium(base: Base, options: ConsortiumOptions): Promise<Consortium> {
  const { founding, origins } = base;
  const { seed, scheduler, plan, network } = options;
  const { organisations } = founding;
  const random = pooledRandom(seed);
  const portsAt = (clock: Clock): NodePorts => {
    return { clock, random, primitives, cipher: simulatedCipher, createSha256: nativeSha256 };
  };
  const ports = portsAt(scheduler.clock());
  const ledgerHost = new Host('ledger', (step) => options.onDisk?.('ledger', step));
  const { file, ledger, connect, blocksAt } = await openSimulatedLedger(
    base,
    options,
    ledgerHost,
    ports,
  );
  const [channel] = file.channels;
  if (channel === undefined) throw new Error('no channel');
  const homes = new Map<Organisation, Home>();
  const failures: Consortium['failures'] = [];
  /** Returns of organisations that are down. */
  const returns = new Set<Promise<void>>();
  for (const name of organisations) await open(name);

  return {
    organisations,
    file,
    ledger,
    ports,
    failures,
    blocksAt,
    services,
    party,
    allUp,
    settle,
    stop,
    crash,
    losePower,
  };

  function services(organisation: Organisation): RunningOrganisation | undefined {
    const home = homes.get(organisation);
    return home?.end.alive === true ? home.running : undefined;
  }

  async function open(organisation: Organisation): Promise<void> {
    const origin = originAt(organisation);
    // An organisation that is still starting does not crash: nobody would wait for that.
    const host = new Host(
      organisation,
      (step) => (isUp(host) ? fateOf(organisation, step) : undefined),
      (step) => options.onDisk?.(organisation, step),
    );
    const clock = scheduler.clock(
      () => plan.skew(organisation),
      () => host.alive,
    );
    const provider = await ledgerFor(host, clock);
    const own = portsAt(clock);
    const folder = origin.folder.openedBy(host);
    const rows = await RowStore.open(await folder.database('index'), indexBasis(file));
    const index = new LedgerIndex({ provider, network: file, clock, rows });
    const context = contextOf(own, { network: file, organisation, index });
    const authority = createAuthority(context, {
      key: origin.authorityKey,
      accepts: async () => await Promise.resolve(true),
      issued: new IssuedIdFiles(await folder.part('authority')),
    });
    const running = await openOrganisation({
      organisation,
      network: file,
      channel: channel as NonNullable<typeof channel>,
      folder,
      keys: origin.keys,
      ledger: provider,
      index,
      sender: senderOf(origin, provider, clock),
      policy: POLICY,
      peers: peersOf(host),
      ports: own,
      onFailure: (error) => failures.push({ at: organisation, error }),
      othersElsewhere: true,
      onRolledBack: async () =>
        await Promise.reject(new Error(`${organisation} forgot what it signed`)),
    });
    homes.set(organisation, { end: host, running, authority });
  }

  function isUp(host: Host): boolean {
    return homes.get(host.name)?.end === host;
  }

  function fateOf(organisation: Organisation, step: string): Fate {
    if (options.onDisk !== undefined) return options.onDisk(organisation, step);
    return crashes(organisation, step) ? 'crashes' : undefined;
  }

  /** Tells whether an organisation crashes at a step; it then comes back after a while. */
  function crashes(organisation: Organisation, step: string): boolean {
    const down = [...homes.values()].filter(({ end }) => !end.alive).length;
    if (!plan.crashes(down)) return false;
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
    void administrator
      ?.checkpoint()
      .catch((error: unknown) => failures.push({ at: organisation, error }));
    void contributor?.catchUp();
  }

  async function allUp(): Promise<void> {
    while (returns.size > 0) await Promise.all(returns);
  }

  function peersOf(host: Host): Peers {
    return (receiver) => {
      const known = new WeakMap<Home, PeerPorts>();
      const guarded = (home: Home): PeerPorts => {
        const context = { network: file, caller: host.name, receiver };
        const ports = known.get(home) ?? guardPorts({ ...home.running, ...home }, context);
        known.set(home, ports);
        return ports;
      };
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

  /** The ledger as a host reaches it; the host may crash on the way. */
  async function ledgerFor(host: Host, clock: Clock): Promise<LedgerProvider> {
    const far = await connect(host, clock);
    return loopback(host.fence(far, new Set(['request', 'requestAll']), 'ledger'), {});
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

  async function party({ name, organisation, seed: secret, device }: Person): Promise<Party> {
    const client = { name, alive: true };
    const agent = network.link<AgentPort>(client, organisation, 'agent', () =>
      agentAt(organisation),
    );
    return await openParty({
      ...ports,
      seed: secret,
      network: file,
      agent,
      log: `care/${organisation}`,
      device,
    });
  }

  async function settle(): Promise<void> {
    for (const name of organisations) await services(name)?.administrator.checkpoint();
    for (const name of organisations) await services(name)?.contributor.catchUp();
  }

  function crash(): void {
    for (const { end } of homes.values()) end.crash();
    ledgerHost.crash();
  }

  async function losePower(survives?: () => boolean): Promise<void> {
    crash();
    for (const { folder } of origins.values()) await folder.losePower(survives);
    await base.chain.losePower(survives);
  }

  async function stop(): Promise<void> {
    await Promise.all([...homes.values()].map(async ({ running }) => await running.stop()));
  }
}
