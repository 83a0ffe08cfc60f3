import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Resource } from '@medplum/fhirtypes';
import { addRecord, readChart, type Chart } from '../../../../src/client/index.ts';
import { bytesToHex, utf8ToBytes } from '../../../../src/crypto/bytes.ts';
import { encodePart } from '../../../../src/fhir/encodePart.ts';
import { partOfResource } from '../../../../src/fhir/partOfResource.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../../../src/node/test/testNetwork.ts';
import { englishWords } from '../../fhir/test/englishWords.ts';
import { readCardLines } from './readCardLines.ts';

let network: TestNetwork;
let care: Care;
before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
after(async () => {
  assert.deepEqual(network.failures, []);
  await network.close();
});

async function ownChart(): Promise<Chart> {
  return await readChart(care.patient, { handle: care.handle, purpose: 'PATRQT' });
}

describe('what is read for an emergency card', () => {
  it('says that none is known only of a group of which every record was understood, and names none', async () => {
    const { patient, handle } = care;
    const own = { handle, purpose: 'PATRQT' } as const;
    const chart = await ownChart();
    const of = new Set(chart.records.map(({ category }) => category));
    assert.ok(!of.has('allergies') && !of.has('conditions'));
    const empty = await readCardLines(patient, chart, englishWords);
    assert.ok(empty.noneKnown.includes('allergies') && empty.noneKnown.includes('problems'));

    const allergy = { resourceType: 'AllergyIntolerance', code: { text: 'Penicillin' } };
    const set = bytesToHex(patient.random(16));
    const part = partOfResource(set, 'allergies', allergy as unknown as Resource);
    await addRecord(patient, { ...own, category: 'allergies', content: encodePart(part) });
    // A text, which may name any problem.
    await addRecord(patient, { ...own, category: 'conditions', content: utf8ToBytes('Asthma') });
    const read = await readCardLines(patient, await ownChart(), englishWords);
    assert.deepEqual([read.offered.map(({ group }) => group), read.unread], [['allergies'], 0]);
    assert.ok(!read.noneKnown.includes('allergies') && !read.noneKnown.includes('problems'));
  });
});
