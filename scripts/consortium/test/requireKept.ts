import assert from 'node:assert/strict';
import { fetchReceipt } from '../../../src/client/audit/fetchReceipt.ts';
import { readChart } from '../../../src/client/records/readChart.ts';
import { listGrants } from '../../../src/client/rights/listGrants.ts';
import { readPatientState } from '../../../src/client/state/PatientState.ts';
import type { Writer } from './beginWriting.ts';

/**
 * Requires that each acknowledged record is on its patient's chart once and has a receipt, and that each right that was
 * given holds, once.
 *
 * @param writers - The patients.
 */
export async function requireKept(writers: readonly Writer[]): Promise<void> {
  for (const writer of writers) {
    const { patient, acknowledged, grants } = writer;
    const { handle } = await readPatientState(patient);
    await requireOnChart(writer, patient);
    await fetchReceipt(patient, acknowledged.at(-1) ?? assert.fail());
    if (grants.length === 0) continue;
    const listed = (await listGrants(patient)).map(({ digest }) => digest);
    assert.equal(new Set(listed).size, listed.length, handle);
    for (const { digest } of grants) assert.ok(listed.includes(digest), digest);
  }
}

/**
 * Requires that a reader of a patient's chart finds each acknowledged record on it, once.
 *
 * @param writer - The patient.
 * @param reader - The patient, or the doctor, who has a right.
 */
export async function requireOnChart(
  { patient, acknowledged, grants }: Writer,
  reader: Writer['patient'],
): Promise<void> {
  assert.notEqual(acknowledged.length, 0);
  const { handle } = await readPatientState(patient);
  const [given] = grants;
  const wanted =
    reader === patient
      ? ({ purpose: 'PATRQT' } as const)
      : ({ purpose: 'TREAT', grant: (given ?? assert.fail('no right was given')).grant } as const);
  const chart = await readChart(reader, { handle, ...wanted, after: acknowledged.slice(-1) });
  const entries = chart.records.map(({ acknowledgement }) => acknowledgement.entry);
  assert.equal(new Set(entries).size, entries.length);
  for (const { entry } of acknowledged) assert.ok(entries.includes(entry), entry);
}
