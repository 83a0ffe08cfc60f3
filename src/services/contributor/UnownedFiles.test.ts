import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { LEAST_COUNTED, UnownedFiles } from './UnownedFiles.ts';

const LOG = 'care/hospital';
const MOST = 10 * LEAST_COUNTED;
const NOW = 1_800_000_000;
const HOUR = { now: NOW, until: NOW + 3600 };

/** A file of so many tenths of the limit. */
function file(name: string, tenths: number): { hash: `0x${string}`; size: number } {
  return { hash: word(name), size: tenths * LEAST_COUNTED };
}

function spent(unowned: UnownedFiles, tenths: number, lease = HOUR, log = LOG): void {
  assert.throws(
    () => unowned.reserve(log, file('one more', tenths), lease),
    failsWith('QUOTA_SPENT'),
  );
}

describe('files that were fetched and that no entry names', () => {
  it('have a limit for each log', () => {
    const unowned = new UnownedFiles(MOST);
    unowned.reserve(LOG, file('a', 6), HOUR)(true);
    spent(unowned, 5);
    unowned.reserve('care/insurer', file('a', 6), HOUR)(true);
    unowned.reserve(LOG, file('b', 4), HOUR)(true);
    spent(unowned, 1);
  });

  it('count from before they come, and no longer if none came', () => {
    const unowned = new UnownedFiles(MOST);
    const settle = unowned.reserve(LOG, file('a', 10), HOUR);
    spent(unowned, 1);
    settle(false);
    unowned.reserve(LOG, file('b', 10), HOUR);
  });

  it('count until entries name them, also while they come', () => {
    const unowned = new UnownedFiles(MOST);
    unowned.reserve(LOG, file('a', 5), HOUR)(true);
    const settle = unowned.reserve(LOG, file('b', 5), HOUR);
    unowned.named([file('a', 5), file('b', 5), file('c', 5)]);
    settle(true);
    unowned.reserve(LOG, file('d', 10), HOUR);
  });

  it('count until their lease ends, and as long as they are fetched', () => {
    const unowned = new UnownedFiles(MOST);
    unowned.reserve(LOG, file('a', 5), HOUR)(true);
    const settle = unowned.reserve(LOG, file('b', 5), HOUR);
    spent(unowned, 1, { now: NOW + 3599, until: NOW + 7199 });
    const later = { now: NOW + 3600, until: NOW + 7200 };
    spent(unowned, 6, later);
    settle(true);
    unowned.reserve(LOG, file('c', 10), later);
  });

  it('count once, by the largest size that a write says, while any of those who fetch them may have them', () => {
    const unowned = new UnownedFiles(MOST);
    const [first, second] = [1, 9].map((tenths) => unowned.reserve(LOG, file('a', tenths), HOUR));
    spent(unowned, 2);
    first?.(false);
    spent(unowned, 2);
    second?.(true);
    spent(unowned, 2);
    unowned.reserve(LOG, file('b', 1), HOUR);
  });

  it('count as something though they are empty, and alone may be larger than the limit', () => {
    const unowned = new UnownedFiles(MOST);
    for (let n = 0; n < 10; n++) unowned.reserve(LOG, file(`empty ${n}`, 0), HOUR)(true);
    spent(unowned, 0);
    const other = new UnownedFiles(MOST);
    other.reserve(LOG, file('large', 20), HOUR)(true);
    spent(other, 0);
  });
});
