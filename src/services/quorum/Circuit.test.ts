import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { Circuit } from './Circuit.ts';

/** A circuit to a peer that answers when it is told to. */
function peer(): {
  readonly clock: TestClock;
  readonly circuit: Circuit;
  readonly calls: PromiseWithResolvers<string>[];
  readonly call: () => Promise<string>;
} {
  const clock = new TestClock(1_800_000_000_000);
  const calls: PromiseWithResolvers<string>[] = [];
  const call = async (): Promise<string> => {
    const next = Promise.withResolvers<string>();
    calls.push(next);
    return await next.promise;
  };
  return { clock, circuit: new Circuit('laboratory', clock), calls, call };
}

/** Five seconds, in which a process sees its clock move on. */
function beSilent(clock: TestClock): void {
  for (let look = 0; look < 10; look++) clock.advance(500);
}

const refused = failsWith('PEER_UNREACHABLE', { peer: 'laboratory' });

describe('the circuit to a peer that answers nothing', () => {
  it('opens after five seconds, and refuses at once from then on', async () => {
    const { clock, circuit, calls, call } = peer();
    void circuit.run(call);
    beSilent(clock);
    assert.equal(circuit.admits, false);
    await assert.rejects(circuit.run(call), refused);
    assert.equal(calls.length, 1, 'the peer was not asked');
  });

  it('lets one probe through each second', async () => {
    const { clock, circuit, calls, call } = peer();
    void circuit.run(call);
    beSilent(clock);
    clock.advance(1000);
    assert.equal(circuit.admits, true);
    void circuit.run(call);
    assert.equal(calls.length, 2);
    assert.equal(circuit.admits, false);
    await assert.rejects(circuit.run(call), refused);
    clock.advance(1000);
    assert.equal(circuit.admits, true);
  });

  it('lets a probe through at once where the clock was set back', async () => {
    const { clock, circuit, calls, call } = peer();
    void circuit.run(call);
    beSilent(clock);
    assert.equal(circuit.admits, false);
    clock.advance(-3_600_000);
    assert.equal(circuit.admits, true);
    void circuit.run(call);
    assert.equal(calls.length, 2);
    await assert.rejects(circuit.run(call), refused);
  });

  const answers: [string, (waiting: PromiseWithResolvers<string>) => void][] = [
    ['an answer', ({ resolve }) => resolve('here')],
    ['a refusal', ({ reject }) => reject(new MedsealError('NOT_YET', { what: 'it' }))],
    ['rubbish', ({ reject }) => reject(new MedsealError('PEER_MALFORMED', { what: 'answer' }))],
  ];
  for (const [what, answer] of answers) {
    it(`closes with ${what}, however late`, async () => {
      const { clock, circuit, calls, call } = peer();
      const first = circuit.run(call).catch(() => undefined);
      beSilent(clock);
      answer(calls[0] ?? assert.fail());
      await first;
      assert.equal(circuit.admits, true);
    });
  }

  it('stays open where the peer turns out to be gone', async () => {
    const { clock, circuit, calls, call } = peer();
    const first = circuit.run(call);
    beSilent(clock);
    calls[0]?.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'laboratory' }));
    await assert.rejects(first, refused);
    assert.equal(circuit.admits, false);
  });

  it('is passed by who insists', async () => {
    const { clock, circuit, calls, call } = peer();
    void circuit.run(call);
    beSilent(clock);
    const insisting = circuit.run(call, true);
    calls[1]?.resolve('here');
    assert.equal(await insisting, 'here');
    assert.equal(circuit.admits, true);
  });
});

describe('the circuit to a peer that answers', () => {
  it('stays closed while answers come, though some calls take long', async () => {
    const { clock, circuit, calls, call } = peer();
    void circuit.run(call);
    for (let second = 1; second < 30; second++) {
      const quick = circuit.run(call);
      clock.advance(500);
      clock.advance(500);
      calls[second]?.resolve('here');
      await quick;
    }
    assert.equal(circuit.admits, true);
  });

  it('does not take a pause of its own process for silence', () => {
    const { clock, circuit, call } = peer();
    void circuit.run(call);
    clock.advance(60_000);
    assert.equal(circuit.admits, true);
  });

  it('leaves no timer behind', async () => {
    const { clock, circuit, calls, call } = peer();
    const running = circuit.run(call);
    assert.equal(clock.pending, 1);
    calls[0]?.resolve('here');
    await running;
    assert.equal(clock.pending, 0);
  });

  // @attack one organisation hangs, to fill the memory of the others | calls that wait for a peer are bounded
  it('lets so many calls wait at once, and no more', async () => {
    const { circuit, calls, call } = peer();
    for (let count = 0; count < 512; count++) void circuit.run(call);
    assert.equal(circuit.admits, false);
    await assert.rejects(circuit.run(call), refused);
    calls[0]?.resolve('here');
    await new Promise(setImmediate);
    assert.equal(circuit.admits, true);
  });
});
