import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeList } from './describeList.ts';

const LIST = { log: 'care/hospital', size: 9, listed: 5 };

describe('the line of an audit about one log', () => {
  it('says that there are no others only of a complete list', () => {
    assert.equal(
      describeList({ ...LIST, complete: true }),
      'care/hospital: 5 of its first 9 entries concern you, and no others',
    );
    assert.doesNotMatch(describeList({ ...LIST, complete: false }), /no others|complete/);
  });

  it('says of how many records no node told that they were viewed', () => {
    assert.match(
      describeList({ ...LIST, complete: false, untold: 45 }),
      /concern you; not complete: no node told which 45 records were viewed$/,
    );
  });
});
