import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it } from 'node:test';
import { captureStreams, type CapturedStreams } from '../test/captureStreams.ts';
import type { Signals } from '../terminal/Streams.ts';
import { ifInterrupted, whileInterruptible } from './whileInterruptible.ts';

function interruptible(): CapturedStreams & { readonly signals: Signals & EventEmitter } {
  const exited: number[] = [];
  const signals = Object.assign(new EventEmitter(), {
    exit: (code: number) => void exited.push(code),
    exited,
  });
  return { ...captureStreams(), signals };
}

describe('a command that Ctrl-C interrupts', () => {
  it('says what is certain at that moment, cleans up, and exits with 130', async () => {
    const streams = interruptible();
    let certain = 'Nothing was changed.';
    const removed: string[] = [];
    ifInterrupted(() => void removed.push('stays'))();
    const done = ifInterrupted(() => void removed.push('part'));
    await whileInterruptible(
      streams,
      () => certain,
      async () => {
        certain = '1 of 2 records is on the chart.';
        streams.signals.emit('SIGINT');
        await Promise.resolve();
      },
    );
    done();
    assert.equal(streams.err(), '\nmedseal: Interrupted. 1 of 2 records is on the chart.\n');
    assert.deepEqual(removed, ['part']);
    assert.deepEqual((streams.signals as unknown as { exited: number[] }).exited, [130]);
  });

  it('leaves the second Ctrl-C, and one after its end, to the system', async () => {
    const { signals, ...streams } = interruptible();
    await whileInterruptible(
      { ...streams, signals },
      () => '',
      async () => {
        signals.emit('SIGINT');
        await Promise.resolve();
        assert.equal(signals.listenerCount('SIGINT'), 0);
      },
    );
    await whileInterruptible(
      { ...streams, signals },
      () => '',
      async () => await Promise.resolve(),
    );
    assert.equal(signals.listenerCount('SIGINT'), 0);
  });
});
