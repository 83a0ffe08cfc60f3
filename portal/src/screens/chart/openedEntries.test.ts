import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Chart, ChartRecord } from '../../../../src/client/index.ts';
import { encodePart } from '../../../../src/fhir/encodePart.ts';
import { partOfResource } from '../../../../src/fhir/partOfResource.ts';
import { arrangeChart } from '../../fhir/arrangeChart.ts';
import type { Entry } from '../../fhir/Resolve.ts';
import { inEnglish } from '../../fhir/test/englishWords.ts';
import { openedEntries } from './openedEntries.ts';

const SET = `0x${'5e'.repeat(16)}` as const;
const [doctor, adder] = ['aa', 'bb'].map((byte) => `0x${byte.repeat(20)}`);

/** The entries of an opened record that one author wrote as a part of the set. */
function written(resource: object, author: string | undefined, set = SET): readonly Entry[] {
  const record = { record: `0x${'11'.repeat(32)}`, version: 1, category: 'medications', author };
  const content = encodePart(partOfResource(set, 'medications', resource as never));
  const chart = { records: [record] } as unknown as Chart;
  return openedEntries(chart, record as ChartRecord, content)?.entries ?? assert.fail();
}

/** The title of the doctor's order, beside a medicine that it refers to. */
function titleBeside(medicine: readonly Entry[]): string | undefined {
  const order = written(
    {
      resourceType: 'MedicationRequest',
      status: 'active',
      medicationReference: { reference: 'Medication/1' },
    },
    doctor,
  );
  const [item] = arrangeChart([...medicine, ...order]).medicines.active;
  return item && inEnglish(item.title);
}

describe('the resources of opened records', () => {
  const warfarin = { resourceType: 'Medication', id: '1', code: { text: 'Warfarin' } };

  it('are not referred to by a bundle of another author, also if they claim to be of its set', () => {
    assert.equal(titleBeside(written(warfarin, adder)), 'Prescription: in another record');
  });

  it('are not referred to by another bundle of the same author', () => {
    const other = written(warfarin, doctor, `0x${'5f'.repeat(16)}`);
    assert.equal(titleBeside(other), 'Prescription: in another record');
  });

  it('are referred to by the other parts of their bundle', () => {
    assert.equal(titleBeside(written(warfarin, doctor)), 'Warfarin');
  });
});
