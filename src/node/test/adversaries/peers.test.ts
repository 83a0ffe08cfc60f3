import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { addRecord } from '../../../client/records/addRecord.ts';
import { grantRight } from '../../../client/rights/grantRight.ts';
import { readChart } from '../../../client/records/readChart.ts';
import { failsWith } from '../../../protocol/test/failsWith.ts';
import { submissionOf, viewOf } from '../requests.ts';
import {
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../testNetwork.ts';

/** Weaknesses of other systems for shared records that stand outside their contracts, tried here. */

const LOG = 'care/hospital';
let network: TestNetwork;
let care: Care;

beforeEach(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
afterEach(async () => await network.close());

async function entries(): Promise<number> {
  await network.checkpoint();
  return (await network.agent().checkpoint(LOG)).size;
}

describe('a weakness of a peer', () => {
  // @peer MedRec: reads asked for no consent | refused, and the refusal is an entry
  it('MedRec: reads asked for no consent; a doctor without a right is refused, and the refusal is an entry', async () => {
    const { stranger, handle } = care;
    await assert.rejects(
      readChart(stranger, { handle, purpose: 'TREAT' }),
      failsWith('RIGHT_MISSING'),
    );
    assert.equal(await entries(), 1);
  });

  // @peer MedRec: a signature over a time to come was good until then | refused
  it('MedRec: a request with a time to come was good until then; a deadline far ahead is refused', async () => {
    const deadline = Math.floor(network.clock.now() / 1000) + 24 * 3600;
    const submission = submissionOf(care, 'View', viewOf(care, { deadline }));
    const [outcome] = await care.doctor.agent.submit([submission]);
    assert.ok(outcome?.outcome === 'refused');
    assert.equal(outcome.problem.code, 'REQUEST_EARLY');
  });

  // @peer Medblock: a read left no trace | each view is an entry first
  it('Medblock: a read left no trace; each view is an entry before anything is released', async () => {
    const wanted = { handle: care.handle, grant: care.right.grant, purpose: 'TREAT' } as const;
    await readChart(care.doctor, wanted);
    await readChart(care.doctor, wanted);
    assert.equal(await entries(), 2);
  });

  // @peer HealthChains: any provider read demographics and insurance | a right shows its own categories
  it('HealthChains: any provider read demographics and insurance; a right shows its own categories alone', async () => {
    const { patient, stranger, handle } = care;
    for (const category of ['demographics', 'laboratory'] as const) {
      const content = new TextEncoder().encode(category);
      await addRecord(patient, { handle, category, content, purpose: 'PATRQT' });
    }
    const given = { ...everything(stranger), categories: ['laboratory'] as const };
    const { grant } = await grantRight(patient, given);
    const chart = await readChart(stranger, { handle, grant, purpose: 'TREAT' });
    assert.deepEqual(
      chart.records.map(({ category }) => category),
      ['laboratory'],
    );
  });

  it('HealthChains: a purpose was recorded and not enforced; a view for another purpose is refused', async () => {
    const view = viewOf(care, { purpose: 'HRESCH' });
    const [outcome] = await care.doctor.agent.submit([submissionOf(care, 'View', view)]);
    assert.ok(outcome?.outcome === 'refused');
    assert.equal(outcome.problem.code, 'RIGHT_MISSING');
  });
});
