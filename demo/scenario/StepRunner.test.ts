import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import type { Acknowledgement, Receipt } from '../../src/protocol/evidence/evidence.ts';
import { acknowledged, sampleBody } from '../../src/protocol/test/sampleEvidence.ts';
import { word } from '../../src/protocol/test/sampleNetwork.ts';
import { StepRunner, UnexpectedOutcome, type StepResult } from './StepRunner.ts';

const about = { name: 'A step', paper: 'P2.1', party: 'patient' };

/** A runner whose every look at the clock is 1.26 ms later. */
function runner(): { runner: StepRunner; told: StepResult[] } {
  const told: StepResult[] = [];
  let now = 0;
  const made = new StepRunner(
    () => (now += 1.26),
    (result) => told.push(result),
  );
  return { runner: made, told };
}

async function accept(): Promise<{ value: number; detail: string; txHash: string }> {
  return await Promise.resolve({ value: 7, detail: 'done', txHash: word('transaction') });
}

async function refuse(): Promise<never> {
  return await Promise.reject(new MedsealError('RIGHT_MISSING', {}));
}

async function crash(): Promise<never> {
  return await Promise.reject(new TypeError('the password is 1234'));
}

describe('a runner of steps', () => {
  it('notes what was accepted, and gives its value on', async () => {
    const { runner: steps, told } = runner();
    assert.equal(await steps.accepted(about, accept), 7);
    const txHash = word('transaction');
    const outcomes = { outcome: 'accepted', expected: 'accepted' } as const;
    assert.deepEqual(told, [{ ...about, ...outcomes, detail: 'done', txHash, ms: 1.3 }]);
    assert.deepEqual(steps.results, told);
  });

  it('is not done with a step before its receipt is there, where that is waited for', async () => {
    const told: StepResult[] = [];
    const [entry] = await acknowledged([sampleBody()]);
    assert.ok(entry);
    const waited: Acknowledgement[] = [];
    const steps = new StepRunner(
      () => 0,
      (result) => told.push(result),
      async (evidence) => {
        assert.deepEqual(told, []);
        waited.push(evidence);
        return await Promise.resolve({ checkpoint: { size: 9 } } as Receipt);
      },
    );
    const run = async () => await Promise.resolve({ value: 1, evidence: entry });
    await steps.accepted(about, run);
    assert.deepEqual([waited, told[0]?.index, told[0]?.checkpoint], [[entry], entry.index, 9]);
  });

  it('waits for the receipt of every entry that it heard of in a step, once each, also if it is refused', async () => {
    const [one, other] = await acknowledged([sampleBody(), sampleBody()]);
    assert.ok(one && other);
    const [first, second] = [
      { ...one, index: 4 },
      { ...other, index: 5 },
    ];
    const waited: Acknowledgement[] = [];
    const told: StepResult[] = [];
    const steps = new StepRunner(
      () => 0,
      (result) => told.push(result),
      async (evidence) => void waited.push(await Promise.resolve(evidence)),
    );
    const [firstPlace, secondPlace] = [`${first.log}#4`, `${second.log}#5`];
    await steps.accepted(about, async () => {
      for (const each of [first, second, first]) steps.hear(each);
      return await Promise.resolve({ value: 1, evidence: first });
    });
    await steps.refused(about, ['RIGHT_MISSING'], async () => {
      steps.hear(second);
      return await refuse();
    });
    await steps.accepted(about, accept);
    assert.deepEqual(waited, [first, second, second]);
    assert.deepEqual(steps.entries, waited);
    assert.deepEqual(
      told.map(({ index, entries }) => [index, entries]),
      [
        [4, [firstPlace, secondPlace]],
        [5, undefined],
        [undefined, undefined],
      ],
    );
  });

  it('notes what was refused for the reason that it must be', async () => {
    const { runner: steps, told } = runner();
    await steps.refused(about, ['RIGHT_MISSING', 'RIGHT_ENDED'], refuse);
    const [{ outcome, expected, code, log } = {} as StepResult] = told;
    assert.deepEqual([outcome, expected, code], ['refused', 'refused', 'RIGHT_MISSING']);
    assert.equal(log, undefined, 'a refusal without evidence claims none');
  });

  it('stops at a refusal of what must be accepted, and keeps its cause', async () => {
    const { runner: steps, told } = runner();
    await assert.rejects(steps.accepted(about, refuse), (error: Error) => {
      assert.ok(error instanceof UnexpectedOutcome);
      assert.ok(error.cause instanceof MedsealError);
      return true;
    });
    assert.deepEqual([told[0]?.outcome, told[0]?.expected], ['refused', 'accepted']);
  });

  it('stops at what must be refused and is not, or for another reason', async () => {
    const { runner: steps, told } = runner();
    await assert.rejects(steps.refused(about, ['RIGHT_MISSING'], accept), UnexpectedOutcome);
    await assert.rejects(steps.refused(about, ['RIGHT_ENDED'], refuse), UnexpectedOutcome);
    assert.deepEqual(
      told.map(({ outcome, expected, code }) => [outcome, expected, code]),
      [
        ['accepted', 'refused', undefined],
        ['refused', 'refused', 'RIGHT_MISSING'],
      ],
    );
  });

  it('takes a crash for no refusal, and tells nothing of it', async () => {
    const { runner: steps, told } = runner();
    await assert.rejects(steps.refused(about, ['RIGHT_MISSING'], crash), UnexpectedOutcome);
    assert.equal(told[0]?.code, 'INTERNAL');
    assert.ok(!JSON.stringify(told).includes('1234'));
  });
});
