import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  memoryDevice,
  type Chart,
  type ChartRecord,
  type Party,
} from '../../../src/client/index.ts';
import type { FhirDate } from '../fhir/Said.ts';
import { keepDates, knownDates } from './clinicalDates.ts';
import { keepTitles, knownTitles } from './titles.ts';

const HANDLE = `0x${'01'.repeat(32)}` as const;
const when: FhirDate = { date: '2025-03-04', precision: 'day', at: Date.UTC(2025, 2, 4) };
const chart = {
  handle: HANDLE,
  records: [
    { record: 'a', version: 1, category: 'other' },
    { record: 'secret', version: 1, category: 'sensitive' },
  ] as unknown as readonly ChartRecord[],
} as unknown as Chart;

function person(): Party {
  return { device: memoryDevice() } as unknown as Party;
}

describe('what a device keeps of a chart', () => {
  // @actor somebody who takes a person's unlocked device | reads the title or the day of a sensitive record that was opened once
  it('is never the title or the date of a sensitive record, or of one whose kind is unknown', async () => {
    const party = person();
    await keepTitles(party, chart, { 'a/1': 'Letter', 'secret/1': 'Notes', 'unlisted/1': 'Other' });
    await keepDates(party, chart, { 'a/1': when, 'secret/1': when, 'unlisted/1': when });
    assert.deepEqual(await knownTitles(party, HANDLE), { 'a/1': 'Letter' });
    assert.deepEqual(await knownDates(party, HANDLE), { 'a/1': when });
  });

  it('tells of a sensitive record that it is a file, which says nothing of it', async () => {
    const party = person();
    await keepTitles(party, chart, { 'secret/1': '', 'unlisted/1': '' });
    assert.deepEqual(await knownTitles(party, HANDLE), { 'secret/1': '', 'unlisted/1': '' });
  });

  it('loses what was kept of a sensitive record before, at the next change', async () => {
    const party = person();
    await party.device.write(`titles/${HANDLE}`, { 'secret/1': 'Notes', 'old/1': 'Old' });
    await party.device.write(`dates/${HANDLE}`, { 'secret/1': when });
    await keepTitles(party, chart, { 'a/1': 'Letter' });
    await keepDates(party, chart, {});
    assert.deepEqual(await knownTitles(party, HANDLE), { 'old/1': 'Old', 'a/1': 'Letter' });
    assert.deepEqual(await knownDates(party, HANDLE), {});
  });
});
