import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Chart, ChartRecord, Party } from '../../../src/client/index.ts';
import { partOfResource } from '../../../src/fhir/partOfResource.ts';
import { arrangeChart } from '../fhir/arrangeChart.ts';
import type { Entry } from '../../../src/fhir/Resolve.ts';
import { inEnglish } from '../fhir/test/englishWords.ts';
import { openedEntries } from './openedEntries.ts';

const SET = `0x${'5e'.repeat(16)}` as const;
const [doctor, adder] = ['aa', 'bb'].map((byte) => `0x${byte.repeat(20)}`);

/** The entries of an opened record that one author wrote as a part of the set. */
async function written(
  resource: object,
  author: string | undefined,
  set = SET,
): Promise<readonly Entry[]> {
  const record = { record: `0x${'11'.repeat(32)}`, version: 1, category: 'medications', author };
  const part = partOfResource(set, 'medications', resource as never);
  const chart = { records: [record] } as unknown as Chart;
  const reader = { clock: { now: () => 0 } } as unknown as Party;
  return (await openedEntries(reader, chart, record as ChartRecord, part)).entries;
}

/** The title of the doctor's order, beside a medicine that it refers to. */
async function titleBeside(medicine: readonly Entry[]): Promise<string | undefined> {
  const order = await written(
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

  // @actor an author who may only add | has another author's order name a medicine of its own
  it('are not referred to by a bundle of another author, also if they claim to be of its set', async () => {
    assert.equal(
      await titleBeside(await written(warfarin, adder)),
      'Prescription: in another record',
    );
  });

  it('are not referred to by another bundle of the same author', async () => {
    const other = await written(warfarin, doctor, `0x${'5f'.repeat(16)}`);
    assert.equal(await titleBeside(other), 'Prescription: in another record');
  });

  it('are referred to by the other parts of their bundle', async () => {
    assert.equal(await titleBeside(await written(warfarin, doctor)), 'Warfarin');
  });
});
