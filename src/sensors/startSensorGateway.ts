import type { Party } from '../client/party/Party.ts';
import type { ServiceDatabase } from '../database/synced.ts';
import type { MedsealError } from '../errors/MedsealError.ts';
import { systemClock } from '../folder/systemClock.ts';
import { listen } from '../http/listen.ts';
import type { Address, Bytes32 } from '../protocol/ids.ts';
import type { DeviceHello } from './gateway/DeviceHello.ts';
import { partyAuthor } from './gateway/partyAuthor.ts';
import type { DeviceRight } from './gateway/ReadingsAuthor.ts';
import { SensorGateway } from './gateway/SensorGateway.ts';
import { ReadingsSpool, type BatchEnd } from './spool/ReadingsSpool.ts';
import { connectMqtt, type BrokerAddress, type MqttTransport } from './transport/connectMqtt.ts';
import { deviceApp } from './transport/deviceApp.ts';
import { startBroker } from './transport/startBroker.ts';
import { tlsDoorOf, type DoorKeys } from './transport/tlsDoorOf.ts';

/** Milliseconds between two readings of the rights. */
const REFRESH = 15_000;

/** Doors that devices reach a gateway by. */
export interface GatewayDoors {
  readonly mqtt?: BrokerAddress;
  readonly http?: {
    readonly port: number;
    readonly host?: string;
    /** Serves HTTPS. */
    readonly tls?: DoorKeys;
  };
  /** Broker in this process, on loopback. */
  readonly broker?: { readonly port: number };
}

/** Events of a running gateway, for its operator. */
export interface GatewayNews {
  /** A batch is on the log, or was refused for good. */
  ended(device: Address, digest: Bytes32, end: BatchEnd): void;
  bound(device: Address, right: DeviceRight): void;
  /** A device announced itself that nobody has bound; it signed what it says of itself. */
  unbound?(hello: DeviceHello): void;
  /** Batches wait, and are tried again. */
  delayed(error: MedsealError): void;
}

/** A gateway that runs. */
export interface RunningGateway {
  /** Addresses of its doors. */
  readonly doors: readonly string[];
  /** Number of batches that wait for their entry. */
  readonly waiting: () => number;
  /** Devices that announced themselves and have no right, at most 10,000 of the latest. */
  readonly unbound: () => readonly DeviceHello[];
  /** Resolves if the spool takes nothing more. */
  readonly broken: Promise<MedsealError>;
  /** Takes nothing more, sends what is on its way, and closes its doors. */
  stop(): Promise<void>;
}

/**
 * Starts a gateway of devices: what they sign comes in by its doors, waits in the spool, and goes on the charts.
 *
 * @param party - The gateway's party.
 * @param database - The spool's own, open.
 * @param doors - Doors to open.
 * @param news - Told to the operator.
 * @throws MedsealError `PEER_UNREACHABLE` if broker or node does not answer; `PEER_UNTRUSTED`, `PEER_REFUSES`; `PORT_IN_USE`, `ADDRESS_UNUSABLE`.
 */
export async function startSensorGateway(
  party: Party,
  database: ServiceDatabase,
  { mqtt, http, broker }: GatewayDoors,
  news: GatewayNews,
): Promise<RunningGateway> {
  const spool = await ReadingsSpool.open(database, party.clock);
  const transports: MqttTransport[] = [];
  const closing: (() => Promise<void>)[] = [];
  const doors: string[] = [];
  const broken = Promise.withResolvers<MedsealError>();
  const gateway = new SensorGateway({
    primitives: party.primitives,
    spool,
    author: partyAuthor(party),
    clock: party.clock,
    refresh: REFRESH,
    events: {
      ended(device, digest, end) {
        for (const transport of transports) transport.tellEnd(device, digest, end);
        news.ended(device, digest, end);
      },
      bound(device, right) {
        for (const transport of transports) transport.tellBinding(device, right);
        news.bound(device, right);
      },
      over(right) {
        for (const transport of transports) transport.tellOver(right);
      },
      unbound: (hello) => news.unbound?.(hello),
      delayed: (error) => news.delayed(error),
      broken: (error) => broken.resolve(error),
    },
  });
  const stop = async (): Promise<void> => {
    await gateway.stop();
    for (const close of closing.toReversed()) await close();
  };
  try {
    await gateway.start();
    if (broker !== undefined) {
      const clientId = `medseal-${party.address}`;
      const own = await startBroker(clientId, broker.port);
      closing.push(async () => await own.close());
      const { url, password } = own;
      await connect({ url, version: 4, clientId, username: 'gateway', password });
    }
    if (mqtt !== undefined) await connect(mqtt);
    if (http !== undefined) {
      const { port, host, tls } = http;
      const app = deviceApp(gateway, party.clock);
      const door = await listen(app, port, host, tls && { tls: tlsDoorOf(tls, systemClock) });
      closing.push(async () => await door.close());
      doors.push(door.url);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    doors,
    waiting: () => spool.waiting.batches,
    unbound: () => gateway.unbound,
    broken: broken.promise,
    stop,
  };

  async function connect(address: BrokerAddress): Promise<void> {
    const transport = await connectMqtt(gateway, address, (error) => news.delayed(error));
    transports.push(transport);
    closing.push(async () => await transport.close());
    doors.push(address.url);
  }
}
