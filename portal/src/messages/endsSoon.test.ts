import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { KnownRight } from '../../../src/client/index.ts';
import { ZERO32 } from '../../../src/protocol/ids.ts';
import { endsSoon } from './endsSoon.ts';

const NOW = 1_800_000_000;
const DAY = 86_400;

function right(until: number, change: object = {}): KnownRight {
  const terms = { record: ZERO32, categories: ['vitals'], until, ...change };
  return { digest: ZERO32, grant: { terms } } as unknown as KnownRight;
}

describe('access that ends soon', () => {
  for (const [name, rights, ends] of [
    ['is the right that ends within a week', [right(NOW + 6 * DAY)], NOW + 6 * DAY],
    ['is the last of several', [right(NOW + DAY), right(NOW + 2 * DAY)], NOW + 2 * DAY],
    ['is not there while another holds for longer', [right(NOW + DAY), right(NOW + 9 * DAY)], 0],
    ['is not there once all have ended', [right(NOW), right(NOW - DAY)], 0],
    ['is not there without a right', [], 0],
  ] as const) {
    it(name, () => {
      assert.equal(endsSoon(rights, NOW)?.grant.terms.until ?? 0, ends);
    });
  }
});
