import assert from 'node:assert/strict';
import { join } from 'node:path';
import { fetchReceipt } from '../../../src/client/audit/fetchReceipt.ts';
import { readChart } from '../../../src/client/records/readChart.ts';
import { readPatientState } from '../../../src/client/state/PatientState.ts';
import { ALL, type Trial } from './openTrial.ts';
import type { Writer } from './underLoad.ts';

/**
 * Requires that each acknowledged record is on its patient's chart once and has a receipt, and that logs and ledger agree
 * at all organisations.
 *
 * @param trial - The organisations, all of which run.
 * @param writers - The patients.
 */
export async function requireWhole(trial: Trial, writers: readonly Writer[]): Promise<void> {
  for (const { patient, acknowledged } of writers) {
    assert.notEqual(acknowledged.length, 0);
    const { handle } = await readPatientState(patient);
    const after = acknowledged.slice(-1);
    const chart = await readChart(patient, { handle, purpose: 'PATRQT', after });
    const entries = chart.records.map(({ acknowledgement }) => acknowledgement.entry);
    assert.equal(new Set(entries).size, entries.length);
    for (const { entry } of acknowledged) assert.ok(entries.includes(entry), entry);
    const last = acknowledged.at(-1) ?? assert.fail();
    await fetchReceipt(patient, last);
  }
  const urls = ALL.flatMap((place) => {
    const { organisation, urls: at } = trial.at(place);
    return ['--url', `${organisation}=${at.agents}`];
  });
  const pinned = join(trial.founded[0]?.data ?? '', 'network.json');
  const { ledger } = trial.at(0).urls;
  await trial.medseal('verify', 'network', pinned, '--rpc', ledger, ...urls);
  await trial.medseal('verify', 'log', '--network', pinned, ...urls);
}
