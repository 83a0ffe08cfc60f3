import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRow } from './parseRow.ts';

const PLACE = { log: 'text', index: 'count' } as const;

describe('a row', () => {
  it('gives its content with the type of its shape', () => {
    const { log, index } = parseRow(PLACE, '{"log":"care/hospital","index":7}');
    assert.deepEqual([log, index], ['care/hospital', 7]);
  });

  it('is refused if it is cut off, or of another shape', () => {
    for (const [text, message] of [
      ['{"log":"care/hospital","in', /^a row was altered$/],
      ['{"log":"care/hospital"}', /^a row was altered: it has no index$/],
      ['{"log":"care/hospital","index":-7}', /^a row was altered: it\.index is not a number/],
    ] as const) {
      assert.throws(() => parseRow(PLACE, text), { name: 'RangeError', message });
    }
  });
});
