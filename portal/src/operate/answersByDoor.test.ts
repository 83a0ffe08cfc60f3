import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answersByDoor } from './answersByDoor.ts';

describe('the answers of a node', () => {
  it('are summed for each door, by what became of the request', () => {
    const answered = {
      'agents 200': 5,
      'agents 304': 1,
      'agents 404': 2,
      'peers 500': 3,
      'agents 403': 1,
    };
    assert.deepEqual(answersByDoor(answered), [
      { door: 'agents', given: 6, refused: 3, broke: 0 },
      { door: 'peers', given: 0, refused: 0, broke: 3 },
    ]);
  });
});
