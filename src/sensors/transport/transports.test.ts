import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { connectAsync, type MqttClient } from 'mqtt';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { LONGEST_MESSAGE } from '../../protocol/sensors/ReadingsMessage.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { systemClock } from '../../folder/systemClock.ts';
import type { BatchAnswer, MessageGiven } from '../gateway/Intake.ts';
import type { KeysFound } from '../gateway/KeysForDevices.ts';
import type { DeviceRight } from '../gateway/ReadingsAuthor.ts';
import type { SensorGateway } from '../gateway/SensorGateway.ts';
import { sampleDevice, sampleMessage } from '../test/sampleDevice.ts';
import { connectMqtt, type GatewayOfDevices, type MqttTransport } from './connectMqtt.ts';
import { deviceApp } from './deviceApp.ts';
import { TOLD_KINDS, topicOf } from './deviceTopics.ts';
import { startBroker, type EmbeddedBroker } from './startBroker.ts';

const { address: device, right, ...keys } = sampleDevice('watch');
const digest: Bytes32 = word('batch');

/** A gateway that stores what it is told to. */
class Recording implements GatewayOfDevices {
  readonly taken: number[] = [];
  stored: Promise<void> = Promise.resolve();

  async take({ bytes, from }: MessageGiven): Promise<BatchAnswer> {
    this.taken.push(bytes.length);
    if (bytes.length === 1) {
      return { digest, error: new MedsealError('RIGHT_MISSING', {}), isOwn: true };
    }
    await this.stored;
    assert.ok(from === undefined || from === device);
    return { digest, state: { state: 'stored' }, isOwn: true };
  }

  announce(): ReturnType<SensorGateway['announce']> {
    const named = { device, model: '', serial: '', signature: '0x' } as const;
    return { hello: { format: 'medseal-hello/1', ...named }, right };
  }

  async keysFor(): Promise<KeysFound> {
    return await Promise.reject(new MedsealError('RIGHT_ENDED', {}));
  }

  knows(asked: Address): boolean {
    return asked === device;
  }

  rightOf(asked: Address): DeviceRight | undefined {
    return asked === device ? right : undefined;
  }

  stateOf(): 'stands' {
    return 'stands';
  }
}

describe('devices over MQTT', () => {
  let broker: EmbeddedBroker;
  let transport: MqttTransport;
  let client: MqttClient;
  const gateway = new Recording();
  const told = new Map<string, (text: string) => void>();
  before(async () => {
    broker = await startBroker('gateway');
    const { url, password } = broker;
    const own = { version: 4, clientId: 'gateway', username: 'gateway', password } as const;
    transport = await connectMqtt(gateway, { url, ...own });
    client = await connectAsync(url, { protocolVersion: 4, clientId: device });
    client.on('message', (topic, text) =>
      told.get(topic.split('/').at(-1) ?? '')?.(text.toString()),
    );
    await client.subscribeAsync(
      TOLD_KINDS.map((kind) => topicOf(device, kind)),
      { qos: 1 },
    );
  });
  after(async () => {
    await client.endAsync();
    await transport.close();
    await broker.close();
  });

  async function hear(kind: string, say: () => unknown): Promise<unknown> {
    const text = await new Promise<string>((resolve) => {
      told.set(kind, resolve);
      say();
    });
    return JSON.parse(text) as unknown;
  }

  it('are told that a batch is stored after it is, then its entry, and a refusal with the values of its message', async () => {
    const { bytes } = sampleMessage({ address: device, right, ...keys });
    const topic = `medseal/device/${device}/readings`;
    const stored = Promise.withResolvers<undefined>();
    gateway.stored = stored.promise;
    let early = false;
    const answer = hear('acknowledged', () =>
      client.publish(topic, Buffer.from(bytes), { qos: 1 }),
    );
    void answer.then(() => (early = true));
    await new Promise(setImmediate);
    assert.equal(early, false);
    stored.resolve(undefined);
    assert.deepEqual(await answer, { digest, state: 'stored' });
    const end = { state: 'entered', log: 'care/hospital', index: 3 } as const;
    const entered = await hear('acknowledged', () => transport.tellEnd(device, digest, end));
    assert.deepEqual(entered, { digest, ...end });
    const refused = await hear('error', () => client.publish(topic, 'x', { qos: 1 }));
    assert.partialDeepStrictEqual(refused, { digest, code: 'RIGHT_MISSING', again: false });
    const { code, message, values } = new MedsealError('READINGS_UNTIMELY', { what: 'end' });
    const refusal = { state: 'refused', code, message, values } as const;
    const toldRefusal = await hear('error', () => transport.tellEnd(device, digest, refusal));
    assert.deepEqual(toldRefusal, { digest, code, message, values, again: false });
    const bound = await hear('binding', () => transport.tellBinding(device, right));
    assert.partialDeepStrictEqual(bound, { device, grant: right.digest, categories: ['vitals'] });
  });

  it('do not wait for each other: one that is stored slowly holds up no other', async () => {
    const stored = Promise.withResolvers<undefined>();
    gateway.stored = stored.promise;
    const before = gateway.taken.length;
    const topic = `medseal/device/${device}/readings`;
    const { bytes } = sampleMessage({ address: device, right, ...keys });
    for (const _ of [1, 2, 3]) client.publish(topic, Buffer.from(bytes), { qos: 1 });
    const refused = await hear('error', () => client.publish(topic, 'x', { qos: 1 }));
    assert.partialDeepStrictEqual(refused, { code: 'RIGHT_MISSING' });
    assert.equal(gateway.taken.length, before + 4);
    stored.resolve(undefined);
  });

  it('are cut off before the broker has gathered a message of 100 MB', async () => {
    const clientId = sampleDevice('bed').address;
    const options = { protocolVersion: 4, clientId, reconnectPeriod: 0 } as const;
    const other = await connectAsync(broker.url, options);
    other.on('error', () => undefined);
    const closed = new Promise((resolve) => {
      other.once('close', () => resolve(undefined));
    });
    const large = Buffer.alloc(100_000_000);
    other.publish(topicOf(clientId, 'readings'), large, { qos: 0 }, () => undefined);
    await closed;
    assert.ok(gateway.taken.every((size) => size <= LONGEST_MESSAGE));
  });
});

describe('devices over HTTP', () => {
  const gateway = new Recording();
  const app = deviceApp(gateway, systemClock);
  const post = async (path: string, body: Uint8Array<ArrayBuffer>): Promise<[number, unknown]> => {
    const response = await app.request(path, { method: 'POST', body });
    return [response.status, await response.json()];
  };

  const several = async (messages: unknown): Promise<[number, unknown]> =>
    await post('/v1/readings/several', Uint8Array.from(utf8ToBytes(JSON.stringify(messages))));

  it('get the state of their batch, their binding, and a code for what is refused', async () => {
    const bytes = Uint8Array.from(sampleMessage({ address: device, right, ...keys }).bytes);
    assert.deepEqual(await post('/v1/readings', bytes), [200, { digest, state: 'stored' }]);
    const [, { binding }] = (await post('/v1/hello', Uint8Array.of(123))) as [
      number,
      { binding: { grant: Address } },
    ];
    assert.equal(binding.grant, right.digest);
    const [status, refused] = await post('/v1/readings', Uint8Array.of(1));
    assert.equal(status, 403);
    assert.partialDeepStrictEqual(refused, { digest, code: 'RIGHT_MISSING', again: false });
    const [large] = await post('/v1/readings', new Uint8Array(LONGEST_MESSAGE + 1));
    assert.equal(large, 413);
    assert.equal((await post('/v2/readings', bytes))[0], 404);
    assert.deepEqual(gateway.taken, [bytes.length, 1]);
  });

  // @actor a sender of many messages at once | to have good ones refused with a bad one
  it('get an answer for each of several messages in one post, and a bad one fails alone', async () => {
    const { bytes } = sampleMessage({ address: device, right, ...keys });
    const text = bytesToUtf8(bytes);
    const [status, told] = await several({ messages: [text, 'x', text] });
    const stored = { digest, state: 'stored' };
    assert.equal(status, 200);
    const refused = { digest, code: 'RIGHT_MISSING', again: false };
    assert.partialDeepStrictEqual(told, { answers: [stored, refused, stored] });
    assert.deepEqual(await several({ messages: [] }), [200, { answers: [] }]);
    const before = gateway.taken.length;
    for (const malformed of [
      { messages: Array.from({ length: 65 }, () => 'x') },
      { messages: [1] },
      { messages: 'x' },
      [text],
      { messages: [], more: true },
    ]) {
      const [code, { code: name }] = (await several(malformed)) as [number, { code: string }];
      assert.deepEqual([code, name], [400, 'REQUEST_MALFORMED']);
    }
    const [large] = await several({ messages: [' '.repeat(4_194_304)] });
    assert.equal(large, 413);
    assert.equal(gateway.taken.length, before);
  });
});
