import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Party } from '../../src/client/party/Party.ts';
import { openOrganisationFolder } from '../../src/folder/OrganisationFolder.ts';
import type { DeviceWire } from '../scenario/DeviceWire.ts';
import { connectDevice } from './connectDevice.ts';
import { startSensorGateway } from '../../src/sensors/startSensorGateway.ts';
import { connectAsync } from 'mqtt';
import type { BrokerAddress } from '../../src/sensors/transport/connectMqtt.ts';

/**
 * Starts a gateway whose spool goes afterwards, and connects devices in software to its broker.
 *
 * @param party - The gateway's party.
 * @param broker - Address of a broker; one of the gateway's own if absent.
 * @throws MedsealError `PEER_UNREACHABLE`.
 */
export async function openDeviceWire(party: Party, broker?: string): Promise<DeviceWire> {
  const path = await mkdtemp(join(tmpdir(), 'medseal-spool-'));
  const folder = await openOrganisationFolder(path);
  const database = await folder.database('readings');
  const closing: (() => Promise<void>)[] = [
    async () => {
      await database.close();
      await rm(path, { recursive: true, force: true });
    },
  ];
  const close = async (): Promise<void> => {
    for (const each of closing.toReversed()) await each();
  };
  try {
    const clientId = `medseal-${party.address}`;
    const mqtt = broker === undefined ? undefined : { url: broker, version: 5 as const, clientId };
    const doors = mqtt === undefined ? { broker: { port: 0 } } : { mqtt };
    const gateway = await startSensorGateway(party, database, doors, {
      ended: () => undefined,
      bound: () => undefined,
      delayed: () => undefined,
    });
    closing.push(async () => {
      await gateway.stop();
      if (mqtt !== undefined) await forgetSession(mqtt);
    });
    const devices = connectDevice(party, gateway.doors[0] ?? '');
    closing.push(async () => await devices.close());
    return { ...devices, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Has a broker forget the session of a gateway that will not come back, and the messages that wait in it.
 *
 * @param address - The broker, and the session's name.
 */
async function forgetSession({
  url,
  clientId,
}: Pick<BrokerAddress, 'url' | 'clientId'>): Promise<void> {
  const client = await connectAsync(url, { clientId, clean: true, protocolVersion: 4 }, false);
  await client.endAsync();
}
