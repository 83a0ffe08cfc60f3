import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeSoak, type Minute } from './soakTable.ts';

/** Minutes of which each has a heap, and so many rows of rules. */
function minutes(heap: (minute: number) => number, ruleRows: (minute: number) => number): Minute[] {
  return Array.from({ length: 45 }, (_, at): Minute => {
    const sample = { resident: 6e8, own: 5e8, lag: 0.01, descriptors: 140, files: 900, bytes: 1e8 };
    const samples = [{ ...sample, heap: heap(at), ruleRows: ruleRows(at) }];
    return {
      minute: at + 1,
      samples,
      latencies: new Map([['add', [20]]]),
      entries: 100 * (at + 1),
    };
  });
}

function rows(at: number): number {
  return 500 + 600 * at;
}

describe('the verdict of a soak', () => {
  it('is that a heap is flat which rises and falls', () => {
    const { grows } = judgeSoak(
      minutes(
        (at) => 54e6 + (at % 2) * 4e6,
        () => 500,
      ),
    );
    assert.equal(grows, false);
  });

  it('is that a heap grows that goes from 54 to 70 MB in 45 minutes, whatever it is of', () => {
    const { grows, lines } = judgeSoak(
      minutes(
        (at) => 54e6 + (at * 16e6) / 45,
        () => 500,
      ),
    );
    assert.equal(grows, true);
    assert.match(lines[0] ?? '', /^heap without rules.*GROWS$/);
  });

  it('takes rules out of it as far as they take what is stated, and no further', () => {
    assert.equal(judgeSoak(minutes((at) => 54e6 + at * 600 * 650, rows)).grows, false);
    assert.equal(judgeSoak(minutes((at) => 54e6 + at * 600 * 1300, rows)).grows, true);
  });
});
