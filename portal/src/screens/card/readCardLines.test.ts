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

/** Name of the patient. */
const NAME = 'Ana Ferreira';

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
    const empty = await readCardLines(patient, chart, englishWords, NAME);
    assert.ok(empty.noneKnown.includes('allergies') && empty.noneKnown.includes('problems'));

    const allergy = { resourceType: 'AllergyIntolerance', code: { text: 'Penicillin' } };
    const set = bytesToHex(patient.random(16));
    const part = partOfResource(set, 'allergies', allergy as unknown as Resource);
    await addRecord(patient, { ...own, category: 'allergies', content: encodePart(part) });
    // A text, which may name any problem.
    await addRecord(patient, { ...own, category: 'conditions', content: utf8ToBytes('Asthma') });
    const read = await readCardLines(patient, await ownChart(), englishWords, NAME);
    assert.deepEqual([read.offered.map(({ group }) => group), read.unread], [['allergies'], 0]);
    assert.ok(!read.noneKnown.includes('allergies') && !read.noneKnown.includes('problems'));
  });

  it('has the birth date of the person, which their records agree on, and none of a person of another name', async () => {
    const { patient, handle } = care;
    const add = async (name: string, birthDate: string): Promise<void> => {
      const person = { resourceType: 'Patient', name: [{ text: name }], birthDate };
      const set = bytesToHex(patient.random(16));
      const part = partOfResource(set, 'demographics', person as unknown as Resource);
      const content = encodePart(part);
      await addRecord(patient, { handle, purpose: 'PATRQT', category: 'demographics', content });
    };
    const bornOf = async (locale = 'en'): Promise<string | undefined> =>
      (await readCardLines(patient, await ownChart(), { ...englishWords, locale }, NAME)).born;
    await add('Teodor Lindqvist', '1980-01-01');
    assert.equal(await bornOf(), undefined);
    await add(NAME, '1961-02-03');
    assert.equal(await bornOf(), 'Feb 3, 1961');
    // The marks that keep its order in Arabic are for a page, and not for a field.
    assert.match((await bornOf('ar')) ?? '', /^3 فبراير 1961$/);
    await add(NAME, '1961-03-02');
    assert.equal(await bornOf(), undefined);
  });
});
