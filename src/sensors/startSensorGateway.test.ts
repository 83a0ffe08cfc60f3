import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MemoryDatabase } from '../database/test/MemoryDatabase.ts';
import { connectAsync, type MqttClient } from 'mqtt';
import { bindDevice } from '../client/devices/bindDevice.ts';
import { commitEpochs } from '../client/epochs/commitEpochs.ts';
import type { Party } from '../client/party/Party.ts';
import { bytesToHex, bytesToUtf8, hexToBytes } from '../crypto/bytes.ts';
import { BEGIN, startTestNetwork, type TestNetwork } from '../node/test/testNetwork.ts';
import { ZERO32, type Bytes32 } from '../protocol/ids.ts';
import { signReadings } from '../protocol/sensors/signReadings.ts';
import { signatory } from '../protocol/test/sampleNetwork.ts';
import { helloDigest } from '../protocol/sensors/helloDigest.ts';
import { startSensorGateway, type RunningGateway } from './startSensorGateway.ts';

const watch = signatory('a watch at a broker');
const topics = `medseal/device/${watch.address}`;

describe('a running gateway', () => {
  let network: TestNetwork;
  let patient: Party;
  let carrier: Party;
  let gateway: RunningGateway;
  let device: MqttClient;
  const said: { readonly kind: string; readonly told: Record<string, unknown> }[] = [];
  let heard: (() => void) | undefined;
  const database = new MemoryDatabase();

  before(async () => {
    network = await startTestNetwork();
    patient = await network.party('patient');
    carrier = await network.party('nurse');
    await commitEpochs(patient, 4);
    gateway = await start();
    device = await connectAsync(gateway.doors[0] ?? '', {
      protocolVersion: 4,
      clean: false,
      clientId: watch.address,
    });
    device.on('message', (topic, text) => {
      const kind = topic.split('/').at(-1) ?? '';
      said.push({ kind, told: JSON.parse(text.toString()) as Record<string, unknown> });
      heard?.();
    });
    await device.subscribeAsync([`${topics}/binding`, `${topics}/acknowledged`], { qos: 1 });
  });
  after(async () => {
    await device.endAsync(true);
    await gateway.stop();
    await network.close();
  });

  async function start(): Promise<RunningGateway> {
    return await startSensorGateway(
      carrier,
      database,
      { broker: { port: 0 }, http: { port: 0 } },
      { ended: () => undefined, bound: () => undefined, delayed: (error) => assert.fail(error) },
    );
  }

  async function hear(
    isIt: (each: (typeof said)[number]) => boolean,
  ): Promise<Record<string, unknown>> {
    for (;;) {
      const found = said.find(isIt);
      if (found !== undefined) return found.told;
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
  }

  function helloOf(): string {
    const named = { device: watch.address, model: 'Wrist', serial: '1' };
    const digest = hexToBytes(helloDigest(carrier.primitives, named));
    const signature = bytesToHex(carrier.primitives.sign(digest, watch.signingKey));
    return JSON.stringify({ format: 'medseal-hello/1', ...named, signature });
  }

  function message(
    grant: Bytes32,
    first: number,
  ): { readonly text: string; readonly digest: Bytes32 } {
    const lines = [`{"at":${BEGIN * 1000},"code":149530,"value":${60 + first}}`];
    const times = { clock: 'set', start: BEGIN * 1000, end: BEGIN * 1000 } as const;
    const about = { grant, boot: 0, first, previous: ZERO32, ...times };
    const { bytes, digest } = signReadings(carrier, watch.signingKey, about, lines);
    return { text: bytesToUtf8(bytes), digest };
  }

  it('tells a device its right, stores its batch, puts it on the chart, and says so', async () => {
    const { digest: grant } = await bindDevice(patient, {
      device: { address: watch.address },
      gateway: carrier.address,
      categories: ['vitals'],
      until: BEGIN + 3600,
    });
    await device.publishAsync(`${topics}/hello`, helloOf(), { qos: 1 });
    // The gateway reads the rights again by its clock.
    network.clock.advance(16_000);
    const told = await hear(({ kind }) => kind === 'binding');
    assert.equal(told['grant'], grant);
    const { text, digest } = message(grant, 0);
    await device.publishAsync(`${topics}/readings`, text, { qos: 1 });
    const entered = await hear(
      ({ kind, told: { state } }) => kind === 'acknowledged' && state === 'entered',
    );
    assert.equal(entered['digest'], digest);
  });

  it('takes the same by HTTP, and knows what came by the other door', async () => {
    const url = gateway.doors.find((door) => door.startsWith('http')) ?? '';
    const hello = await fetch(`${url}/v1/hello`, { method: 'POST', body: helloOf() });
    const { binding } = (await hello.json()) as { binding: { grant: Bytes32 } };
    const { text } = message(binding.grant, 0);
    const again = await fetch(`${url}/v1/readings`, { method: 'POST', body: text });
    assert.equal(((await again.json()) as { state: string }).state, 'entered');
    const forged = text.replace('"value":60', '"value":61');
    const refused = await fetch(`${url}/v1/readings`, { method: 'POST', body: forged });
    assert.equal(((await refused.json()) as { code: string }).code, 'READINGS_INVALID');
  });
});
