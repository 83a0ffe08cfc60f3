import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { connectAsync, type MqttClient } from 'mqtt';
import { sampleDevice } from '../test/sampleDevice.ts';
import { GATEWAY_FILTERS, topicOf } from './deviceTopics.ts';
import { startBroker, type EmbeddedBroker } from './startBroker.ts';

const watch = sampleDevice('watch').address;
const bed = sampleDevice('bed').address;

/** Publishes as a client, which the broker cuts off for it. */
async function isCutOff(from: MqttClient, topic: string, retain = false): Promise<void> {
  const closed = new Promise((resolve) => from.once('close', () => resolve(undefined)));
  from.publish(topic, 'forged', { qos: 1, retain }, () => undefined);
  await closed;
}

/** Codes with which the broker answers to filters; 128 refuses. */
async function answerTo(client: MqttClient, filters: readonly string[]): Promise<number[]> {
  const answered = new Promise<number[]>((resolve) => {
    client.on('packetreceive', (packet) => {
      if (packet.cmd === 'suback') resolve(packet.granted as number[]);
    });
  });
  client.subscribe([...filters], { qos: 1 }, () => undefined);
  return await answered;
}

describe('the broker of a gateway', () => {
  let broker: EmbeddedBroker;
  let gateway: MqttClient;
  const opened = new Set<MqttClient>();
  const came: string[] = [];
  let heard = Promise.withResolvers<undefined>();

  before(async () => {
    broker = await startBroker('gateway');
    gateway = await open('gateway', { username: 'gateway', password: broker.password });
    gateway.on('message', (topic, text, { retain }) => {
      came.push(`${topic} ${text.toString()} ${retain}`);
      heard.resolve(undefined);
    });
    await gateway.subscribeAsync([...GATEWAY_FILTERS], { qos: 1 });
  });
  after(async () => {
    for (const each of opened) await each.endAsync(true);
    await broker.close();
  });

  async function open(
    clientId: string,
    more: { username?: string; password?: string; clean?: boolean } = {},
  ): Promise<MqttClient> {
    const options = { protocolVersion: 4, clientId, reconnectPeriod: 0, ...more } as const;
    const client = await connectAsync(broker.url, options, false);
    client.on('error', () => undefined);
    opened.add(client);
    return client;
  }

  // @actor a program at a gateway's broker | to pass for the gateway
  it('lets nobody in as the gateway without its secret, or under a name that is not a device’s', async () => {
    for (const [clientId, more] of [
      ['gateway', {}],
      ['gateway', { username: 'gateway', password: 'guessed' }],
      ['gateway', { username: 'gateway', password: '0'.repeat(64) }],
      ['', {}],
      ['somebody', {}],
      [watch.toUpperCase(), {}],
      [watch, { username: bed }],
      ['other', { username: 'gateway', password: broker.password }],
    ] as const) {
      await assert.rejects(open(clientId, more), /Not authorized/, clientId);
    }
    assert.ok(gateway.connected, 'nobody took its session');
  });

  // @actor a device at the broker | to send as another, or to answer as the gateway
  it('cuts off a device that sends under another’s name, what the gateway alone says, or what is to be kept', async () => {
    for (const [topic, retain] of [
      [topicOf(bed, 'readings'), false],
      [topicOf(bed, 'hello'), false],
      [topicOf(watch, 'binding'), true],
      [topicOf(watch, 'acknowledged'), false],
      [topicOf(watch, 'error'), false],
      [topicOf(watch, 'hello'), true],
      ['somewhere/else', false],
      [`${topicOf(watch, 'hello')}/more`, false],
    ] as const) {
      await isCutOff(await open(watch), topic, retain);
    }
    const honest = await open(watch);
    await honest.publishAsync(topicOf(watch, 'readings'), 'own', { qos: 1 });
    await heard.promise;
    assert.deepEqual(came, [`${topicOf(watch, 'readings')} own false`]);
  });

  // @actor a device at the broker | to send as another once it is gone
  it('publishes no last will under another’s name', async () => {
    came.length = 0;
    heard = Promise.withResolvers();
    const will = { topic: topicOf(bed, 'readings'), payload: 'forged', qos: 1 } as const;
    const dying = await connectAsync(broker.url, {
      protocolVersion: 4,
      clientId: watch,
      reconnectPeriod: 0,
      will,
    });
    opened.add(dying);
    dying.stream.destroy();
    const other = await open(bed);
    await other.publishAsync(topicOf(bed, 'readings'), 'own', { qos: 1 });
    await heard.promise;
    assert.deepEqual(came, [`${topicOf(bed, 'readings')} own false`]);
  });

  // @actor a device at the broker | to listen to others
  it('lets a device hear its own answers alone, also by a filter that it asked for before', async () => {
    const bounds = { qos: 1, retain: true } as const;
    await gateway.publishAsync(topicOf(bed, 'binding'), 'of the bed', bounds);
    const first = await open(watch, { clean: false });
    const told: string[] = [];
    const filters = [
      topicOf(watch, 'acknowledged'),
      '#',
      'medseal/device/+/binding',
      topicOf(bed, 'binding'),
      topicOf(watch, 'readings'),
    ];
    const listen = (client: MqttClient, end: () => void): void => {
      client.on('message', (topic, text) => {
        told.push(`${topic} ${text.toString()}`);
        if (topic === topicOf(watch, 'acknowledged')) end();
      });
    };
    listen(first, () => undefined);
    assert.deepEqual(await answerTo(first, filters), [1, 128, 128, 128, 128]);
    await first.endAsync();
    await gateway.publishAsync(topicOf(bed, 'binding'), 'of the bed again', bounds);
    // A session that is restored.
    const ended = Promise.withResolvers<void>();
    const again = await open(watch, { clean: false });
    listen(again, ended.resolve);
    await gateway.publishAsync(topicOf(bed, 'acknowledged'), 'of the bed', { qos: 1 });
    await gateway.publishAsync(topicOf(watch, 'acknowledged'), 'own', { qos: 1 });
    await ended.promise;
    assert.deepEqual(told, [`${topicOf(watch, 'acknowledged')} own`]);
  });

  // @actor a device at the broker | to fill it with topics that it asks for
  it('cuts off a device that asks for a flood of topics, and goes on for others', async () => {
    const flooding = await open(watch, { clean: false });
    const closed = new Promise((resolve) => flooding.once('close', () => resolve(undefined)));
    const filters = Array.from({ length: 2000 }, (_, i) => `flood/${i}`);
    flooding.subscribe([topicOf(watch, 'binding'), ...filters], { qos: 1 }, () => undefined);
    await closed;
    const other = await open(bed);
    assert.deepEqual(await answerTo(other, [topicOf(bed, 'acknowledged')]), [1]);
    const again = await open(watch);
    assert.deepEqual(await answerTo(again, [topicOf(watch, 'binding')]), [1]);
  });
});
