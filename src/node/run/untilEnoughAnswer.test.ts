import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { untilEnoughAnswer } from './untilEnoughAnswer.ts';

/** A node that is closed, until it is opened. */
class Other {
  isOpen = false;
  asked = 0;
  readonly contributor = {
    stats: async () => {
      this.asked += 1;
      await Promise.resolve();
      if (!this.isOpen) throw new MedsealError('CLOSED', { what: 'node' });
      return [];
    },
  };
}

interface Trial {
  readonly clock: TestClock;
  readonly others: readonly Other[];
  readonly ended: AbortController;
  readonly isOver: () => Promise<boolean>;
}

function trialOf(count: number, needed: number): Trial {
  const clock = new TestClock(0);
  const others = Array.from({ length: count }, () => new Other());
  const ended = new AbortController();
  let over = false;
  const options = { others, needed, clock, patience: 5000, signal: ended.signal };
  untilEnoughAnswer(options).then(
    () => (over = true),
    () => undefined,
  );
  return {
    clock,
    others,
    ended,
    isOver: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return over;
    },
  };
}

describe('a node that waits for others before it serves its parties again', () => {
  it('ends once enough of them answer, and asks nobody any more', async () => {
    const { clock, others, isOver } = trialOf(3, 2);
    const [first, second, third] = others;
    assert.ok(first && second && third);
    first.isOpen = true;
    clock.advance(50);
    assert.equal(await isOver(), false);
    clock.advance(50);
    assert.equal(await isOver(), false);
    third.isOpen = true;
    clock.advance(50);
    assert.equal(await isOver(), true);
    const { asked } = second;
    clock.advance(5000);
    await isOver();
    assert.equal(second.asked, asked);
    assert.equal(clock.pending, 0);
  });

  it('ends after its patience, however few are there', async () => {
    const { clock, isOver } = trialOf(2, 2);
    assert.equal(await isOver(), false);
    clock.advance(5000);
    assert.equal(await isOver(), true);
    assert.equal(clock.pending, 0);
  });

  it('ends with the process, and at once where nobody else is needed', async () => {
    const trial = trialOf(2, 2);
    assert.equal(await trial.isOver(), false);
    trial.ended.abort();
    assert.equal(await trial.isOver(), true);
    assert.equal(await trialOf(0, 0).isOver(), true);
    const alone = trialOf(2, 0);
    assert.equal(await alone.isOver(), true);
  });
});
