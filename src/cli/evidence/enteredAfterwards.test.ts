import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Body } from '../../protocol/evidence/evidence.ts';
import type { RecordId } from '../../protocol/ids.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { enteredAfterwards } from './enteredAfterwards.ts';

function writeOf(record: RecordId, change: Partial<Body>, action = 'add'): Body {
  return { flag: 'A', request: { type: 'Write', message: { record, action } }, ...change } as Body;
}

it('a write to keys that had turned is told with where it was entered afterwards, and no other event is', () => {
  const [batch, lost] = [word('a batch'), word('another')];
  const stale = { flag: 'R', code: 'EPOCH_STALE' } as const;
  const bodies = [
    writeOf(batch, stale),
    writeOf(batch, {}),
    writeOf(lost, stale),
    writeOf(batch, { flag: 'R', code: 'RIGHT_ENDED' }),
    writeOf(batch, stale, 'amend'),
  ];
  const events = bodies.map((body, index) => ({ log: 'care/hospital', index, body }) as const);
  assert.deepEqual(bodies.map(enteredAfterwards(events)), [
    '; the keys had turned meanwhile, and it was sealed again and entered: care/hospital #1',
    '',
    '; the keys had turned meanwhile',
    '',
    '',
  ]);
});
