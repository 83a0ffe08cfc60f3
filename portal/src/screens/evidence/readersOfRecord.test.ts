import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readersOfRecord } from './readersOfRecord.ts';
import { eventToGroup, type EventTold } from './test/eventToGroup.ts';

/** The readers of `r1`, as text; `0x01` is the patient. */
function readers(...told: readonly EventTold[]): readonly string[] {
  const found = readersOfRecord(told.map(eventToGroup), ['r1', 'file'] as never, '0x01');
  return found.map(({ party, times, last }) => `${party} ${times} ${last}`);
}

const SET = { type: 'ViewSet', pairs: ['r0', 'r1'] };

it('names everybody who read a record, alone or among several, the newest first', () => {
  assert.deepEqual(
    readers(
      { party: '0xaa', at: 5 },
      { party: '0xbb', at: 9, ...SET },
      { party: '0xaa', at: 7, ...SET },
      { party: '0xcc', at: 8, record: 'r2' },
    ),
    ['0xbb 1 9', '0xaa 2 7'],
  );
});

it('counts whoever opened a document with its file once, and names whoever read its file alone', () => {
  const file = { record: 'file' };
  assert.deepEqual(
    readers(
      { party: '0xaa', at: 5 },
      { party: '0xaa', at: 6, ...file },
      { party: '0xbb', at: 4, ...file },
    ),
    ['0xaa 1 6', '0xbb 1 4'],
  );
});

it('names nobody who was refused, wrote it, saw the list alone or got a view in which it was left out, and not the patient', () => {
  assert.deepEqual(
    readers(
      { party: '0xaa', flag: 'R', code: 'RIGHT_ENDED' },
      { party: '0xaa', type: 'Write', what: 'add' },
      { party: '0xaa', what: 'chart' },
      { party: '0xaa', ...SET, left: [1] },
      { party: '0xaa', fault: 'its signature is wrong' },
      { party: '0x01' },
    ),
    [],
  );
});
