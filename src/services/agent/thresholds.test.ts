import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { submissionOf, submitted, viewOf, writeOf } from '../../node/test/requests.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Outcome } from '../../protocol/evidence/evidence.ts';
import type { CoordinatorPort } from '../ports.ts';

/** A coordinator that nobody reaches. */
const gone = new Proxy({} as CoordinatorPort, {
  get: () => async () => await Promise.reject(new Error('unplugged')),
});

function codeOf(outcome: Outcome | undefined): string | undefined {
  return outcome?.outcome === 'refused' ? outcome.problem.code : outcome?.outcome;
}

describe('an agent of a channel with a threshold of three for writes and two for views', () => {
  let network: TestNetwork;
  let care: Care;

  before(async () => {
    const thresholds = { writes: 3, views: 2 };
    network = await startTestNetwork({ cared: true, thresholds });
    care = await startCare(network);
  });
  beforeEach(() => network.liars.coordinator.clear());
  after(async () => await network.close());

  it('enters both with three coordinators, sent together as well', async () => {
    const submissions = [
      submissionOf(care, 'View', viewOf(care)),
      submissionOf(care, 'Write', await writeOf(care)),
      submissionOf(care, 'View', viewOf(care)),
      submissionOf(care, 'Write', await writeOf(care)),
    ];
    const outcomes = await care.doctor.agent.submit(submissions);
    const entries = outcomes.map((outcome) => {
      assert.ok(outcome.outcome === 'acknowledged');
      return outcome.acknowledgement;
    });
    assert.deepEqual(
      entries.map(({ index }) => index),
      [0, 1, 2, 3],
      'in the order given',
    );
    assert.deepEqual(
      entries.map(({ verdicts }) => verdicts.map(({ verdict }) => verdict.kind)),
      [
        ['views', 'views', 'views'],
        ['writes', 'writes', 'writes'],
        ['views', 'views', 'views'],
        ['writes', 'writes', 'writes'],
      ],
    );
  });

  it('enters a view with two, and of a write says that one is missing and that it may be tried again', async () => {
    network.liars.coordinator.set('insurer', gone);
    const [view, write] = await care.doctor.agent.submit([
      submissionOf(care, 'View', viewOf(care)),
      submissionOf(care, 'Write', await writeOf(care)),
    ]);
    assert.deepEqual([codeOf(view), codeOf(write)], ['acknowledged', 'VERDICTS_MISSING']);
    assert.ok(write?.outcome === 'refused' && write.acknowledgement === undefined);
    assert.deepEqual(write.problem.values, { got: 2, needed: 3 });
  });

  it('enters no view with one', async () => {
    network.liars.coordinator.set('insurer', gone).set('laboratory', gone);
    const outcome = await submitted(care.doctor, submissionOf(care, 'View', viewOf(care)));
    assert.deepEqual(codeOf(outcome), 'VERDICTS_MISSING');
    assert.ok(!('release' in outcome));
  });

  it('has a log checkpointed by a quorum for writes', async () => {
    network.liars.coordinator.set('insurer', gone);
    await submitted(care.doctor, submissionOf(care, 'View', viewOf(care)));
    await assert.rejects(network.checkpoint(), { code: 'VERDICTS_MISSING' });
    network.liars.coordinator.clear();
    await network.checkpoint();
    const { signatures } = await network.agent().checkpoint('care/hospital');
    assert.equal(signatures.length, 3);
  });
});
