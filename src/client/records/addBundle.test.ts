import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Bundle } from '@medplum/fhirtypes';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { lyingTo } from '../test/lyingTo.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { addBundle } from './addBundle.ts';
import { nameOfContent } from './addedOnce.ts';
import { addRecord } from './addRecord.ts';
import { readBundle } from '../care/records/readBundle.ts';
import { readChart } from './readChart.ts';

const purpose = 'PATRQT';

/** A bundle of several categories; only its form counts here. */
function bundleOf(...types: readonly string[]): Bundle {
  const entry = types.map((resourceType, place) => ({
    resource: { resourceType, id: `r${place}` },
  }));
  return { resourceType: 'Bundle', type: 'collection', entry } as unknown as Bundle;
}

describe('a bundle that is added as a whole', () => {
  let network: TestNetwork;
  let care: Care;
  before(async () => {
    network = await startTestNetwork({ cared: true });
    care = await startCare(network);
  });
  after(async () => await network.close());

  it('is read as a whole by any of its records, equal to what it was', async () => {
    const { patient, handle } = care;
    const bundle = bundleOf('Condition', 'AllergyIntolerance', 'Condition');
    const { records, patient: compared } = await addBundle(patient, { handle, bundle, purpose });
    assert.deepEqual(
      records.map(({ category }) => category),
      ['conditions', 'allergies'],
    );
    assert.equal(compared.compared, 'unknown');
    const chart = await readChart(patient, { handle, purpose });
    for (const { record } of records) {
      const listed = chart.records.find((each) => each.record === record);
      assert.ok(listed);
      assert.deepEqual(await readBundle(patient, chart, listed), {
        complete: true,
        bundle,
        unfinished: [],
      });
    }
  });

  it('is added once under one name, also if it broke off before', async () => {
    const { patient, handle } = care;
    const bundle = bundleOf('Immunization', 'Claim');
    const once = await nameOfContent(patient, handle, [Uint8Array.of(1)], 'bundle');
    const wanted = { handle, bundle, purpose, once } as const;
    let calls = 0;
    const breaking = lyingTo(network, patient, {
      submit: async (submissions) => {
        const isWrite = submissions.some(({ request }) => request.type === 'Write');
        if (isWrite && ++calls === 2) throw new Error('the connection broke');
        return await patient.agent.submit(submissions);
      },
    });
    await assert.rejects(addBundle(breaking, wanted), /connection broke/);
    const { records } = await addBundle(patient, wanted);
    const again = await addBundle(patient, wanted);
    assert.deepEqual(
      again.records.map(({ record }) => record),
      records.map(({ record }) => record),
    );
    const chart = await readChart(patient, { handle, purpose });
    const there = chart.records.filter(({ category }) => /immunizations|billing/.test(category));
    assert.equal(there.length, 2);
  });

  it('that misses a part is told with the numbers of what is missing, and a record that is not a part is refused', async () => {
    const { patient, handle } = care;
    const bundle = bundleOf('Procedure', 'Coverage');
    const { records } = await addBundle(patient, { handle, bundle, purpose });
    const content = Uint8Array.of(1);
    const other = await addRecord(patient, { handle, category: 'other', content, purpose });
    const chart = await readChart(patient, { handle, purpose });
    const [first, second] = records.map(({ record }) =>
      chart.records.find((each) => each.record === record),
    );
    assert.ok(first && second);
    const without = { ...chart, records: chart.records.filter((each) => each !== second) };
    const read = await readBundle(patient, without, first);
    assert.deepEqual(read, { complete: false, missing: [1] });
    const note = chart.records.find(({ record }) => record === other.record);
    assert.ok(note);
    await assert.rejects(readBundle(patient, chart, note), failsWith('ARGUMENT_INVALID'));
  });

  it('takes no name that is not one of a content', async () => {
    const { patient, handle } = care;
    const wanted = { handle, bundle: bundleOf('Claim'), purpose, once: 'my-bundle' } as const;
    await assert.rejects(addBundle(patient, wanted), failsWith('ARGUMENT_INVALID'));
  });
});
