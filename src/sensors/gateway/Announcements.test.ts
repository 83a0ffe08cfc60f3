import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Address } from '../../protocol/ids.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { Announcements } from './Announcements.ts';
import type { DeviceHello } from './DeviceHello.ts';

const BROKER = 'mqtts://broker.example:8883';
const LIMITS = { once: 50, again: 20 };

function helloOf(name: string): DeviceHello {
  const device = word(name).slice(0, 42) as Address;
  return { format: 'medseal-hello/1', device, model: name, serial: '', signature: '0x' };
}

/** Announcements of a test, with a clock that it sets. */
function start(): {
  readonly clock: { at: number; now(): number };
  readonly announced: Announcements;
  readonly add: (name: string, source?: string) => boolean;
  readonly has: (name: string) => boolean;
} {
  const clock = { at: 0, now: () => clock.at };
  const announced = new Announcements(clock, LIMITS);
  return {
    clock,
    announced,
    add: (name, source = BROKER) => announced.add(word(name), helloOf(name), source),
    has: (name) => announced.get(word(name)) !== undefined,
  };
}

describe('announcements of devices that nobody has bound', () => {
  it('are remembered once each, and forgotten when the device is bound', () => {
    const { announced, add, has } = start();
    assert.equal(add('watch'), true);
    assert.equal(add('watch'), false);
    assert.deepEqual(
      announced.all.map(({ model }) => model),
      ['watch'],
    );
    announced.delete(word('watch'));
    assert.equal(has('watch'), false);
    assert.equal(add('watch'), true);
  });

  // @actor an inventor of devices | to displace one that waits to be bound
  it('of a device that came back stay, however many are invented at the same broker', () => {
    const { clock, announced, add, has } = start();
    add('watch');
    clock.at = 5000;
    add('watch');
    for (let i = 0; i < 10_000; i++) add(`invented ${i}`);
    assert.ok(has('watch'));
    assert.ok(announced.all.length <= LIMITS.once + LIMITS.again);
    // Also if the invented ones come back, each in its turn.
    for (let i = 0; i < 1000; i++) {
      add(`stubborn ${i}`);
      clock.at += 4000;
      add(`stubborn ${i}`);
      if (i % 100 === 0) add('watch');
    }
    assert.ok(has('watch'));
    assert.ok(announced.all.length <= LIMITS.once + LIMITS.again);
  });

  it('of one address do not displace a newcomer from another', () => {
    const { add, has } = start();
    for (let i = 0; i < 1000; i++) add(`invented ${i}`, '192.0.2.1');
    add('watch', '192.0.2.7');
    for (let i = 0; i < 1000; i++) add(`invented later ${i}`, '192.0.2.1');
    assert.ok(has('watch'));
  });

  it('of an address that took all places of those that came back make room for another address', () => {
    const { clock, add, has } = start();
    const names = Array.from({ length: LIMITS.again }, (_, i) => `invented ${i}`);
    for (const name of names) add(name, '192.0.2.1');
    add('watch', '192.0.2.7');
    clock.at = 5000;
    for (const name of names) add(name, '192.0.2.1');
    add('watch', '192.0.2.7');
    for (let i = 0; i < 1000; i++) add(`newcomer ${i}`, '192.0.2.7');
    assert.ok(has('watch'));
  });

  it('of a device that is silent for an hour give up its place', () => {
    const { clock, add, has } = start();
    const names = Array.from({ length: LIMITS.again }, (_, i) => `silent ${i}`);
    for (const name of [...names, 'watch']) add(name);
    clock.at = 5000;
    for (const name of names) add(name);
    clock.at = 3_606_000;
    add('watch');
    for (let i = 0; i < 1000; i++) add(`newcomer ${i}`);
    assert.ok(has('watch'));
  });
});
