import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  memoryDevice,
  type Chart,
  type ChartRecord,
  type Party,
} from '../../../../src/client/index.ts';
import type { FhirDate } from '../../fhir/Said.ts';
import { knownOfRecords, rememberRecords } from './knownOfRecords.ts';
import type { LineWords } from './lineInWords.ts';
import type { RecordLine } from './recordLines.ts';

const HANDLE = `0x${'01'.repeat(32)}` as const;
const when: FhirDate = { date: '2025-03-04', precision: 'day', at: Date.UTC(2025, 2, 4) };

function line(
  name: string,
  names: string,
  more: Partial<RecordLine> & Partial<Pick<ChartRecord, 'category'>> = {},
): RecordLine & { readonly text: LineWords } {
  const record = { record: name, version: 1, category: more.category ?? 'other' } as ChartRecord;
  const text = { title: names, names, values: [], count: 0, odd: 0, fact: '', searched: '' };
  return { record, state: 'open', items: [], results: [], when, ...more, text };
}

describe('what a device remembers of records', () => {
  it('are titles and dates of those that are open, that a file is one, and nothing of a sensitive record', async () => {
    const party = { device: memoryDevice() } as unknown as Party;
    const lines = [
      line('open', 'Letter'),
      line('closed', 'Old title', { state: 'failed' }),
      line('secret', 'Notes', { category: 'sensitive' }),
    ];
    const file = { record: 'file', version: 1 } as unknown as ChartRecord;
    const records = [...lines.map(({ record }) => record), file];
    const chart = { handle: HANDLE, records } as unknown as Chart;
    // An earlier version of the portal kept what it had opened, whatever it was.
    await party.device.write(`titles/${HANDLE}`, { 'secret/1': 'Notes' });
    await party.device.write(`dates/${HANDLE}`, { 'secret/1': when });
    const before = await knownOfRecords(party, HANDLE);
    await rememberRecords(party, { chart, lines, files: new Set(['file', 'secret']) }, before);
    const { titles, dates } = await knownOfRecords(party, HANDLE);
    assert.deepEqual(titles, { 'open/1': 'Letter', 'file/1': '' });
    assert.deepEqual(dates, { 'open/1': when });
  });
});
