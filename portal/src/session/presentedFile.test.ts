import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChartRecord } from '../../../src/client/index.ts';
import { makeDocumentReference } from '../../../src/fhir/makeDocumentReference.ts';
import { presentedFile } from './presentedFile.ts';

const author = `0x${'aa'.repeat(20)}` as const;
const hostile = `0x${'bb'.repeat(20)}` as const;
const FILE = `0x${'11'.repeat(32)}` as const;
const TELLS = `0x${'22'.repeat(32)}` as const;
const OTHER = `0x${'33'.repeat(32)}` as const;
const resource = makeDocumentReference({ record: FILE, contentType: '', title: '', at: 0 });

function version(record: string, index: number, more: Partial<ChartRecord> = {}): ChartRecord {
  const acknowledgement = { log: 'care/hospital', index };
  const first = { record, version: 1, category: 'reports', author, acknowledgement };
  return { ...first, ...more } as ChartRecord;
}

/** The file that the newest version of the naming record presents. */
function presented(...records: readonly ChartRecord[]): ChartRecord | undefined {
  const from = records.findLast(({ record }) => record === TELLS) ?? assert.fail();
  return presentedFile({ records }, { entries: [{ resource }] }, from);
}

describe('the file that a document presents', () => {
  const file = version(FILE, 1);

  it('was added just before it by the same author, whoever corrected the file or added records meanwhile', () => {
    assert.equal(presented(file, version(TELLS, 2)), file);
    const corrected = version(FILE, 9, { version: 2, author: hostile });
    assert.equal(presented(file, version(TELLS, 2), corrected), corrected);
    const others = version(OTHER, 2, { author: hostile });
    assert.equal(presented(file, others, version(TELLS, 3)), file);
    const retitled = version(TELLS, 7, { version: 2 });
    assert.equal(presented(file, version(TELLS, 2), retitled), file);
  });

  it('does not belong to somebody else', () => {
    assert.equal(presented(file, version(TELLS, 2, { author: hostile })), undefined);
  });

  it('is not what somebody names who amends the author’s document', () => {
    const amended = version(TELLS, 7, { version: 2, author: hostile });
    assert.equal(presented(file, version(TELLS, 2), amended), undefined);
  });

  it('does not lie earlier or later, on another log, or in another category', () => {
    assert.equal(presented(file, version(OTHER, 2), version(TELLS, 3)), undefined);
    assert.equal(presented(version(TELLS, 0), file), undefined);
    const log = { log: 'care/laboratory', index: 2 } as ChartRecord['acknowledgement'];
    assert.equal(presented(file, version(TELLS, 2, { acknowledgement: log })), undefined);
    assert.equal(presented(file, version(TELLS, 2, { category: 'vitals' })), undefined);
  });

  it('is not the document itself', () => {
    const naming = makeDocumentReference({ record: TELLS, contentType: '', title: '', at: 0 });
    const from = version(TELLS, 1);
    assert.equal(
      presentedFile({ records: [from] }, { entries: [{ resource: naming }] }, from),
      undefined,
    );
  });
});
