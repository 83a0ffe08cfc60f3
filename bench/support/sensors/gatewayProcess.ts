/**
 * A gateway of sensors in a process of its own: a program of `sensors.bench.ts`. Its first message says what it runs on;
 * each further one asks how far it has come.
 */
import { httpAgent } from '../../../src/client/agent/httpAgent.ts';
import { memoryDevice } from '../../../src/client/party/memoryDevice.ts';
import { openParty } from '../../../src/client/party/Party.ts';
import { hexToBytes } from '../../../src/crypto/bytes.ts';
import { machinePorts } from '../../../src/folder/NodePorts.ts';
import { openOrganisationFolder } from '../../../src/folder/OrganisationFolder.ts';
import type { NetworkFile } from '../../../src/protocol/network/NetworkFile.ts';
import {
  startSensorGateway,
  type RunningGateway,
} from '../../../src/sensors/startSensorGateway.ts';
import { serveBench } from './startProgram.ts';

/** Surroundings of a gateway. */
export interface GatewayToRun {
  /** Address of its organisation's agent. */
  readonly url: string;
  readonly network: NetworkFile;
  readonly log: string;
  /** Seed of its party, in hexadecimals. */
  readonly seed: `0x${string}`;
  /** Folder of its spool, which does not exist. */
  readonly spool: string;
  /** Address of a broker; one in the gateway's own process if absent. */
  readonly broker?: string;
}

/** Progress of a gateway. */
export interface GatewayCame {
  /** Door for devices. */
  readonly door: string;
  /** Batches that are on the log. */
  readonly entered: number;
  /** Batches that wait for their entry. */
  readonly waiting: number;
  /** Batches that were refused for good, and times that batches could not go on, by code. */
  readonly errors: Readonly<Record<string, number>>;
}

const counts = { entered: 0 };
const errors: Record<string, number> = {};
let gateway: RunningGateway | undefined;

serveBench(
  async (message) => {
    const asked = message as GatewayToRun | { readonly url?: undefined };
    if (asked.url !== undefined) gateway = await start(asked);
    if (gateway === undefined) throw new Error('there is no gateway yet');
    const door = gateway.doors[0] ?? '';
    return { door, ...counts, waiting: gateway.waiting(), errors } satisfies GatewayCame;
  },
  async () => {
    await gateway?.stop();
  },
);

async function start({ url, seed, spool, broker, ...of }: GatewayToRun): Promise<RunningGateway> {
  const ports = await machinePorts();
  const agent = httpAgent(url);
  const party = await openParty({
    ...ports,
    ...of,
    agent,
    seed: hexToBytes(seed),
    device: memoryDevice(),
  });
  const folder = await openOrganisationFolder(spool);
  const doors =
    broker === undefined
      ? { broker: { port: 0 } }
      : { mqtt: { url: broker, version: 5, clientId: 'gateway', username: 'gateway' } as const };
  return await startSensorGateway(party, await folder.database('readings'), doors, {
    ended(_device, _digest, end) {
      if (end.state === 'entered') counts.entered += 1;
      else count(end.code);
    },
    bound: () => undefined,
    delayed: ({ code }) => count(code),
  });
}

function count(code: string): void {
  errors[code] = (errors[code] ?? 0) + 1;
}
