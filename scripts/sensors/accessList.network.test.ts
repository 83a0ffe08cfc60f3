import assert from 'node:assert/strict';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connectAsync, type MqttClient } from 'mqtt';
import { topicOf, type TopicKind } from '../../src/sensors/transport/deviceTopics.ts';
import { signatory } from '../../src/protocol/test/sampleNetwork.ts';
import { freePorts } from '../freePorts.ts';
import { MOSQUITTO, startMosquitto } from './startMosquitto.ts';

/** The access list of `docs/use/sensors.md`, at mosquitto. */

const skip = MOSQUITTO === undefined ? 'mosquitto is not installed' : false;
const [own, other] = [signatory('own').address, signatory('other').address];
const HEARD: readonly TopicKind[] = ['binding', 'acknowledged', 'keys', 'error'];
const SENT: readonly TopicKind[] = ['hello', 'readings', 'ask'];

/** Tells whether the broker takes a message. */
async function takes(client: MqttClient, topic: string): Promise<boolean> {
  return await client.publishAsync(topic, '{}', { qos: 1 }).then(
    () => true,
    () => false,
  );
}

describe('the broker’s access list', { skip }, () => {
  let folder: string;
  let broker: ChildProcessWithoutNullStreams;
  let gateway: MqttClient;
  let device: MqttClient;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medseal-acl-'));
    const [port = 0] = await freePorts(1);
    const page = await readFile(join(import.meta.dirname, '../../docs/use/sensors.md'), 'utf8');
    const list = /^user gateway\n[^`]+/m.exec(page)?.[0] ?? assert.fail('the page has no list');
    await writeFile(join(folder, 'acl'), list, { mode: 0o600 });
    // Passwords are the broker's affair: names are believed here.
    const lines = ['allow_anonymous true', `acl_file ${folder}/acl`];
    broker = await startMosquitto({ folder, port, lines });
    const url = `mqtt://127.0.0.1:${port}`;
    gateway = await connectAsync(url, { protocolVersion: 5, username: 'gateway' });
    device = await connectAsync(url, { protocolVersion: 5, username: own });
  });
  after(async () => {
    await gateway.endAsync(true);
    await device.endAsync(true);
    broker.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  it('lets a device send to its own topics alone, and tell nobody what a gateway tells', async () => {
    for (const kind of SENT) {
      assert.equal(await takes(device, topicOf(own, kind)), true, kind);
      assert.equal(await takes(device, topicOf(other, kind)), false, kind);
    }
    for (const kind of HEARD) {
      for (const named of [own, other]) {
        assert.equal(await takes(device, topicOf(named, kind)), false, kind);
      }
    }
  });

  it('lets the gateway tell every device, and send in the name of none', async () => {
    for (const kind of HEARD) assert.equal(await takes(gateway, topicOf(other, kind)), true, kind);
    for (const kind of SENT) assert.equal(await takes(gateway, topicOf(other, kind)), false, kind);
  });

  it('brings a device what the gateway tells it, and nothing of another', async () => {
    const heard: string[] = [];
    const told = new Promise<void>((resolve) => {
      device.on('message', (topic) => {
        heard.push(topic);
        if (topic === topicOf(own, 'acknowledged')) resolve();
      });
    });
    await device.subscribeAsync('medseal/device/#', { qos: 1 }).catch(() => undefined);
    await device.subscribeAsync(topicOf(own, 'acknowledged'), { qos: 1 });
    await takes(gateway, topicOf(other, 'acknowledged'));
    await takes(gateway, topicOf(own, 'acknowledged'));
    await told;
    assert.deepEqual(new Set(heard), new Set([topicOf(own, 'acknowledged')]));
  });
});
