import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { joinNews } from '../../../src/client/letters/InboxNews.ts';
import { Arrivals, type Arrived } from './Arrivals.ts';

const ORDER = joinNews([{ orders: 1 }]);
const CLAIM = joinNews([{ claimSteps: 2 }]);

describe('what letters brought', () => {
  it('is kept until somebody listens, and only the first letters are those that waited', () => {
    const arrivals = new Arrivals();
    arrivals.tell(ORDER, false);
    const heard: Arrived[] = [];
    const end = arrivals.listen((arrived) => heard.push(arrived));
    arrivals.tell(CLAIM, true);
    assert.deepEqual(heard, [
      { news: ORDER, isAside: false, isFirst: true },
      { news: CLAIM, isAside: true, isFirst: false },
    ]);
    end();
    arrivals.tell(CLAIM, true);
    assert.equal(heard.length, 2);
  });
});
