import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Verdict } from '../struct/requests.ts';
import { sameVerdict } from './sameVerdict.ts';

const verdict: Verdict = {
  kind: 'writes',
  log: `0x${'01'.repeat(32)}`,
  size: 3,
  root: `0x${'02'.repeat(32)}`,
  at: 100,
  includeBy: 160,
};

describe('two verdicts', () => {
  it('say the same where each field is the same', () => {
    assert.ok(sameVerdict(verdict, structuredClone(verdict)));
  });

  const changes: Verdict = {
    kind: 'views',
    log: `0x${'03'.repeat(32)}`,
    size: 4,
    root: `0x${'04'.repeat(32)}`,
    at: 101,
    includeBy: 161,
  };
  for (const field of Object.keys(verdict) as (keyof Verdict)[]) {
    it(`do not where ${field} differs`, () => {
      assert.equal(sameVerdict(verdict, { ...verdict, [field]: changes[field] }), false);
    });
  }
});
