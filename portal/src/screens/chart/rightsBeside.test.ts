import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { KnownRight } from '../../../../src/client/index.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import type { Terms } from '../../../../src/protocol/struct/requests.ts';
import { rightsBeside } from './rightsBeside.ts';

const NOW = 1_800_000_000;
const RECORD = `0x${'5a'.repeat(32)}` as const;
const CHART = `0x${'11'.repeat(32)}` as const;
const TERMS: Terms = {
  grantee: `0x${'22'.repeat(20)}`,
  categories: ['vitals', 'reports'],
  record: ZERO32,
  read: true,
  add: false,
  amend: false,
  purpose: 'TREAT',
  from: NOW,
  until: NOW + 60,
  salt: `0x${'00'.repeat(16)}`,
};

function right(change: Partial<Terms>, handle: `0x${string}` = CHART): KnownRight {
  const grant = { handle, deadline: NOW, terms: { ...TERMS, ...change } };
  return { grant, digest: ZERO32 };
}

describe('rights beside the one that a chart was opened by', () => {
  it('are those that cover a kind or records that this one does not', () => {
    const more = [
      right({ categories: ['vitals', 'imaging'] }),
      right({ categories: ['sensitive'] }),
    ];
    assert.deepEqual(rightsBeside(more, right({}).grant, NOW), more);
    const alone = right({ record: RECORD }).grant;
    assert.deepEqual(rightsBeside([right({})], alone, NOW), [right({})]);
  });

  it('are not those that show nothing more, or nothing now, or another chart', () => {
    const categories = ['imaging'] as const;
    for (const each of [
      right({}),
      right({ categories: ['vitals'] }),
      right({ record: RECORD }),
      right({ categories, read: false, add: true }),
      right({ categories, from: NOW + 1 }),
      right({ categories, until: NOW }),
      right({ categories }, `0x${'33'.repeat(32)}`),
    ]) {
      assert.deepEqual(rightsBeside([each], right({}).grant, NOW), [], JSON.stringify(each));
    }
  });
});
