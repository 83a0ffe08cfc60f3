import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deskOrder, isDueSoon } from './deskOrder.ts';
import type { DeskItem } from './DeskKind.ts';

const DAY = 86_400;

function item(key: string, since?: number, due?: number): DeskItem {
  return { key, isWaiting: true, since, due };
}

describe('the order of a desk', () => {
  it('begins with what is due first, and of those without a term with the newest', () => {
    const items = [
      item('old', 1),
      item('late', 5, 90),
      item('new', 9),
      item('soon', 2, 10),
      item('soon too', 3, 10),
      item('unknown'),
    ];
    const keys = items.toSorted(deskOrder).map(({ key }) => key);
    assert.deepEqual(keys, ['soon too', 'soon', 'late', 'new', 'old', 'unknown']);
  });

  it('calls due soon only what waits, and has a term of three days at most', () => {
    assert.equal(isDueSoon(item('a', 0, 3 * DAY), 0), true);
    assert.equal(isDueSoon(item('a', 0, 3 * DAY + 1), 0), false);
    assert.equal(isDueSoon(item('a', 0), 0), false);
    assert.equal(isDueSoon({ ...item('a', 0, 1), isWaiting: false }, 0), false);
  });
});
