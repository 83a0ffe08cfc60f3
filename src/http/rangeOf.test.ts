import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rangeOf } from './rangeOf.ts';

describe('a Range header', () => {
  const cases: [string, number, ReturnType<typeof rangeOf>][] = [
    ['bytes=0-99', 1000, { from: 0, to: 100 }],
    ['bytes=500-', 1000, { from: 500, to: 1000 }],
    ['bytes=-200', 1000, { from: 800, to: 1000 }],
    ['bytes=-2000', 1000, { from: 0, to: 1000 }],
    ['bytes=999-2000', 1000, { from: 999, to: 1000 }],
    [' bytes=7-7 ', 1000, { from: 7, to: 8 }],
    ['bytes=1000-', 1000, 'outside'],
    ['bytes=1000-1001', 1000, 'outside'],
    ['bytes=-0', 1000, 'outside'],
    ['bytes=0-', 0, 'outside'],
    ['', 1000, undefined],
    ['bytes=-', 1000, undefined],
    ['bytes=5-4', 1000, undefined],
    ['bytes=0-1,5-6', 1000, undefined],
    ['lines=0-1', 1000, undefined],
    ['bytes=0x1-2', 1000, undefined],
    ['bytes=1.5-2', 1000, undefined],
    [`bytes=${'9'.repeat(16)}-`, 1000, undefined],
  ];
  for (const [header, size, expected] of cases) {
    it(`${JSON.stringify(header)} of ${size} bytes is ${JSON.stringify(expected) ?? 'all'}`, () => {
      assert.deepEqual(rangeOf(header, size), expected);
    });
  }
});
