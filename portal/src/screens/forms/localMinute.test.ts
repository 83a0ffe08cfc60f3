import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { localMinute } from './localMinute.ts';

describe('the minute of a moment', () => {
  it('is the same moment again in the time zone of the device, without its seconds', () => {
    for (const month of [0, 3, 6, 9]) {
      const at = new Date(2026, month, 28, 2, 30, 59).getTime();
      assert.equal(localMinute(at), `2026-${String(month + 1).padStart(2, '0')}-28T02:30`);
      assert.equal(Date.parse(localMinute(at)), at - 59_000);
    }
  });
});
