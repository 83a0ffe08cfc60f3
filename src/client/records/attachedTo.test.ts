import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChartRecord } from './viewChart.ts';
import { makeDocumentReference } from '../../fhir/makeDocumentReference.ts';
import type { Address } from '../../protocol/ids.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { attachedTo } from './attachedTo.ts';

const [author, hostile] = ['aa', 'bb'].map((byte): Address => `0x${byte.repeat(20)}`);
const FILE = `0x${'11'.repeat(32)}` as const;
const TELLS = `0x${'22'.repeat(32)}` as const;
const resource = makeDocumentReference({
  record: FILE,
  contentType: 'image/png',
  title: 'Wound',
  at: 0,
});

function version(record: string, category: Category, by = author, number = 1): ChartRecord {
  return { record, version: number, category, author: by } as ChartRecord;
}

function attached(...records: readonly ChartRecord[]): ChartRecord | undefined {
  const from = records.find(({ record }) => record === TELLS) ?? assert.fail();
  return attachedTo({ records }, { entries: [{ resource }] }, from);
}

describe('the file that a record tells of', () => {
  const file = version(FILE, 'reports');

  it('is that of the same author and category, whoever amended it since', () => {
    assert.equal(attached(file, version(TELLS, 'reports')), file);
    const amended = version(FILE, 'reports', hostile, 2);
    assert.equal(attached(file, amended, version(TELLS, 'reports')), amended);
  });

  // @attack a writer adds a DocumentReference to somebody's record, so that theirs names it in the list, or is withdrawn with it | a file belongs to what tells of it if both are of one author and one category
  it('is not one of somebody else, or of another category, that it says to tell of', () => {
    assert.equal(attached(file, version(TELLS, 'reports', hostile)), undefined);
    assert.equal(attached(file, version(TELLS, 'vitals')), undefined);
  });
});
