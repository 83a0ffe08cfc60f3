import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { connectAsync, type MqttClient } from 'mqtt';
import { NOW } from '../../protocol/test/sampleEvidence.ts';
import { primitives, word } from '../../protocol/test/sampleNetwork.ts';
import type { DeviceRightFound } from '../gateway/ReadingsAuthor.ts';
import { SensorGateway } from '../gateway/SensorGateway.ts';
import { ReadingsSpool } from '../spool/ReadingsSpool.ts';
import { fakeAuthor } from '../test/fakeAuthor.ts';
import {
  sampleDevice,
  sampleHello,
  sampleMessage,
  type SampleDevice,
} from '../test/sampleDevice.ts';
import { connectMqtt, type MqttTransport } from './connectMqtt.ts';
import { TOLD_KINDS, topicOf } from './deviceTopics.ts';
import { startOpenBroker, type OpenBroker } from '../test/startOpenBroker.ts';

/** Two gateways of different organisations at one broker. */

const watch = sampleDevice('watch');
const bed = sampleDevice('bed');

/** A gateway at the broker, with the rights that it was given. */
class Ward {
  rights: readonly DeviceRightFound[];
  readonly timers = new Set<() => void>();
  now = NOW * 1000;
  transport: MqttTransport | undefined;
  gateway: SensorGateway | undefined;

  constructor(rights: readonly DeviceRightFound[]) {
    this.rights = rights;
  }

  async open(url: string, clientId: string): Promise<void> {
    const clock = {
      now: () => this.now,
      after: (_: number, run: () => void) => {
        this.timers.add(run);
        return () => void this.timers.delete(run);
      },
    };
    this.gateway = new SensorGateway({
      primitives,
      spool: await ReadingsSpool.open(new MemoryDatabase(), clock),
      author: fakeAuthor({ rights: () => this.rights }),
      clock,
      refresh: 10_000,
      events: {
        ended: (device, digest, end) => this.transport?.tellEnd(device, digest, end),
        bound: (device, right) => this.transport?.tellBinding(device, right),
        over: (right) => this.transport?.tellOver(right),
        delayed: (error) => assert.fail(error),
        broken: (error) => assert.fail(error),
      },
    });
    await this.gateway.start();
    this.transport = await connectMqtt(this.gateway, { url, version: 4, clientId });
  }

  /** Lets all timers ring, so that the rights are read again. */
  ring(): void {
    this.now += 10_000;
    const due = [...this.timers];
    this.timers.clear();
    for (const run of due) run();
  }

  async close(): Promise<void> {
    await this.gateway?.stop();
    await this.transport?.close();
  }
}

function send(
  { address }: SampleDevice,
  { client }: { readonly client: MqttClient },
  bytes: Uint8Array,
): void {
  client.publish(topicOf(address, 'readings'), Buffer.from(bytes), { qos: 1 });
}

describe('gateways that share a broker', () => {
  let broker: OpenBroker;
  const north = new Ward([watch.right]);
  const south = new Ward([bed.right]);
  const opened: MqttClient[] = [];

  before(async () => {
    broker = await startOpenBroker();
    await north.open(broker.url, 'north');
    await south.open(broker.url, 'south');
  });
  after(async () => {
    for (const each of opened) await each.endAsync(true);
    await north.close();
    await south.close();
    await broker.close();
  });

  /** A device with all that it is told. */
  async function connect({ address }: SampleDevice): Promise<{
    readonly client: MqttClient;
    readonly told: Told[];
    readonly hear: (isIt: (each: Told) => boolean) => Promise<Told>;
  }> {
    const client = await connectAsync(broker.url, { protocolVersion: 4, clientId: address });
    opened.push(client);
    const told: Told[] = [];
    let heard: (() => void) | undefined;
    client.on('message', (topic, text) => {
      const kind = topic.split('/').at(-1) ?? '';
      const value = text.length === 0 ? {} : (JSON.parse(text.toString()) as Told['value']);
      told.push({ kind, value });
      heard?.();
    });
    await client.subscribeAsync(
      TOLD_KINDS.map((kind) => topicOf(address, kind)),
      { qos: 1 },
    );
    return {
      client,
      told,
      async hear(isIt) {
        for (;;) {
          const found = told.find(isIt);
          if (found !== undefined) return found;
          await new Promise<void>((resolve) => {
            heard = resolve;
          });
        }
      },
    };
  }

  // @actor a gateway that shares a broker | to have another’s device drop what it measured
  it('answer each its own devices alone, and nothing to one that no gateway knows', async () => {
    const [one, other] = [await connect(watch), await connect(bed)];
    const stranger = sampleDevice('stranger');
    const unknown = await connect(stranger);
    const [fromWatch, fromBed] = [sampleMessage(watch), sampleMessage(bed)];
    send(stranger, unknown, sampleMessage(stranger).bytes);
    send(stranger, unknown, Buffer.from('no batch'));
    send(watch, one, sampleMessage(watch, { grant: word('a right of elsewhere'), first: 9 }).bytes);
    send(watch, one, fromWatch.bytes);
    send(bed, other, fromBed.bytes);
    for (const [{ hear }, { digest }] of [
      [one, fromWatch],
      [other, fromBed],
    ] as const) {
      await hear(({ value }) => value.digest === digest && value.state === 'entered');
    }
    // Messages that waited for a look at the nodes are decided.
    for (const ward of [north, south]) ward.ring();
    const last = sampleMessage(bed, { first: 3 });
    send(bed, other, last.bytes);
    await other.hear(({ value }) => value.digest === last.digest && value.state === 'entered');
    for (const { told } of [one, other, unknown]) {
      assert.deepEqual(
        told.filter(({ kind }) => kind === 'error'),
        [],
      );
    }
    assert.deepEqual(unknown.told, []);
  });

  it('tell a device of theirs what they cannot read, and the code of a bad batch with its digest', async () => {
    const { client, hear } = await connect(watch);
    client.publish(topicOf(watch.address, 'readings'), 'no batch', { qos: 1 });
    await hear(({ kind, value }) => kind === 'error' && value.code === 'READINGS_INVALID');
    const untimely = sampleMessage(watch, { start: 0, first: 30 });
    const again = sampleMessage(watch, { start: 0, first: 33 });
    for (const { bytes } of [untimely, again]) {
      client.publish(topicOf(watch.address, 'readings'), Buffer.from(bytes), { qos: 1 });
    }
    const { value } = await hear(({ value: { digest } }) => digest === again.digest);
    assert.deepEqual([value.code, value.again], ['READINGS_UNTIMELY', false]);
  });

  // @actor a client that publishes bindings | to keep an ended right at the broker
  it('hear of no right by the topic of another device, and take it back from its own when it ends', async () => {
    const { client, hear } = await connect(watch);
    client.publish(topicOf(watch.address, 'hello'), sampleHello(watch), { qos: 1 });
    const { value } = await hear(({ kind, value: { grant } }) => kind === 'binding' && !!grant);
    const bounds = { qos: 1, retain: true } as const;
    const text = JSON.stringify(value);
    await broker.client.publishAsync(topicOf(bed.address, 'binding'), text, bounds);
    await broker.client.publishAsync(topicOf(bed.address, 'binding'), '', bounds);
    assert.equal(north.gateway?.stateOf(bed.address, watch.right.digest), undefined);
  });

  // @actor a device whose right ended | to keep its right at the broker
  it('take back what the broker keeps once a right is over, and leave what another gateway keeps there', async () => {
    const { client, told, hear } = await connect(watch);
    client.publish(topicOf(watch.address, 'hello'), sampleHello(watch), { qos: 1 });
    await hear(({ kind, value }) => kind === 'binding' && value.grant === watch.right.digest);
    north.rights = [{ ...watch.right, isEnded: true }];
    north.ring();
    const { value } = await hear(({ kind, value: { code } }) => kind === 'error' && !!code);
    assert.deepEqual(
      [value.code, value.grant, value.again],
      ['RIGHT_ENDED', watch.right.digest, false],
    );
    await hear(({ kind, value: { grant } }) => kind === 'binding' && grant === undefined);
    assert.equal(await keptFor(watch), undefined);

    // The patient binds it to the other gateway; the first is told once more that its own right ended.
    const later = { ...watch.right, digest: word('right of the south') };
    south.rights = [bed.right, later];
    south.ring();
    await new Promise(setImmediate);
    told.length = 0;
    client.publish(topicOf(watch.address, 'hello'), sampleHello(watch), { qos: 1 });
    await hear(({ kind, value: { grant } }) => kind === 'binding' && grant === later.digest);
    north.ring();
    assert.equal(await keptFor(watch), later.digest);
  });

  it('take back what ended while they were away, and tell again what another cleared', async () => {
    await south.close();
    const kept = await keptFor(watch);
    south.rights = [bed.right, { ...watch.right, digest: kept ?? word(''), isEnded: true }];
    const { told, hear } = await connect(watch);
    assert.ok(told.every(({ value: { grant } }) => grant === undefined || grant === kept));
    await south.open(broker.url, 'south');
    await hear(({ kind, value: { grant } }) => kind === 'binding' && grant === undefined);
    assert.equal(await keptFor(watch), undefined);

    const { client, ...other } = await connect(bed);
    client.publish(topicOf(bed.address, 'hello'), sampleHello(bed), { qos: 1 });
    await other.hear(({ value: { grant } }) => grant === bed.right.digest);
    other.told.length = 0;
    const bounds = { qos: 1, retain: true } as const;
    await broker.client.publishAsync(topicOf(bed.address, 'binding'), '', bounds);
    await other.hear(({ value: { grant } }) => grant === bed.right.digest);
  });

  /** The right that the broker keeps for a device. */
  async function keptFor({ address }: SampleDevice): Promise<`0x${string}` | undefined> {
    const packet = await broker.kept(topicOf(address, 'binding'));
    return packet === undefined ? undefined : (JSON.parse(packet) as Told['value']).grant;
  }
});

interface Told {
  readonly kind: string;
  readonly value: {
    readonly digest?: `0x${string}`;
    readonly grant?: `0x${string}`;
    readonly state?: string;
    readonly code?: string;
    readonly again?: boolean;
  };
}
