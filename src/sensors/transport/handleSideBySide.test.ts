import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it } from 'node:test';
import type { IPublishPacket, MqttClient } from 'mqtt';
import { handleSideBySide } from './handleSideBySide.ts';

/** Messages that wait while the first one is handled. */
const MANY = 10_000;

/** A connection that only hands over what comes. */
function quietClient(): MqttClient {
  return Object.assign(new EventEmitter(), { stream: {} }) as unknown as MqttClient;
}

function messageTo(topic: string): IPublishPacket {
  return { cmd: 'publish', topic, payload: 'asked', qos: 0, dup: false, retain: false };
}

describe('messages of a broker that are handled side by side', () => {
  // @actor a stranger at a gateway's broker | to end the gateway by questions that wait
  it('are each handled once, in their order, if those that wait give up their place at once', async () => {
    const client = quietClient();
    const first = Promise.withResolvers<void>();
    const all = Promise.withResolvers<void>();
    const handled: string[] = [];
    handleSideBySide(
      client,
      async ({ topic, release }) => {
        if (topic === 'first') await first.promise;
        handled.push(topic);
        release();
        if (handled.length === MANY + 1) all.resolve();
      },
      { messages: 1, bytes: 1000 },
    );
    let taken = 0;
    client.handleMessage(messageTo('first'), () => (taken += 1));
    for (let at = 0; at < MANY; at++) {
      client.handleMessage(messageTo(`ask ${at}`), () => (taken += 1));
    }
    assert.equal(taken, 1, 'the others wait');
    first.resolve();
    await all.promise;
    assert.equal(taken, MANY + 1);
    assert.deepEqual(handled.slice(0, 3), ['first', 'ask 0', 'ask 1']);
    assert.equal(handled.at(-1), `ask ${MANY - 1}`);
  });
});
