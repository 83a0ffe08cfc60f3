import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChartRecord } from '../../../../src/client/index.ts';
import { recordsToFind } from './findable.ts';

const record = { record: '0x01', version: 2 } as unknown as ChartRecord;

describe('what a person finds by some letters', () => {
  it('has an own record by the title of the version that is shown', () => {
    assert.deepEqual(recordsToFind([record], { '0x01/2': 'Lisinopril' }), [
      { to: '/records/0x01', label: 'Lisinopril', kind: 'record' },
    ]);
  });

  it('has no record that this device knows no title of, nor one of a former version', () => {
    assert.deepEqual(recordsToFind([record], { '0x01/1': 'Lisinopril', '0x02/2': 'Note' }), []);
  });
});
