import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { signatory, word } from '../../protocol/test/sampleNetwork.ts';
import { createLeases, type Leases } from './Leases.ts';

const { address } = signatory('uploader');
const [ONE, OTHER] = [word('one'), word('other')];
const UNTIL = 3600;
const spent = failsWith('QUOTA_SPENT', { what: 'sealed files without an entry' });

let clock: TestClock;
let leases: Leases;

beforeEach(() => {
  clock = new TestClock(0);
  leases = createLeases({ clock }, { leasedBytes: 100, leasedFiles: 3, arrivingFiles: 8 });
});

function reserve(hash: typeof ONE, size: number): ReturnType<Leases['reserve']> {
  return leases.reserve(address, { hash, size }, UNTIL);
}

describe('the quota of a party for sealed files', () => {
  // @attack an upload goes under the name of another one that is still coming, to pass the quota | all bytes that come at once count
  it('counts all that comes at once, also under one name and with another size', () => {
    const first = reserve(ONE, 1);
    const second = reserve(ONE, 90);
    assert.throws(() => reserve(ONE, 90), spent);
    assert.throws(() => reserve(OTHER, 10), spent);
    first(false);
    assert.throws(() => reserve(OTHER, 11), spent, 'the other one still comes');
    second(false);
    reserve(OTHER, 100)(true);
    assert.throws(() => reserve(ONE, 1), spent);
  });

  it('counts a file once that comes again, if it does not come twice at once', () => {
    reserve(ONE, 60)(true);
    const again = reserve(ONE, 60);
    assert.throws(() => reserve(ONE, 60), spent);
    again(true);
    reserve(OTHER, 40)(true);
    assert.throws(() => reserve(word('third'), 1), spent);
    assert.throws(() => reserve(ONE, 61), spent, 'it says another size than came');
  });

  it('counts each file that comes in their number', () => {
    const coming = [ONE, OTHER, word('third')].map((hash) => reserve(hash, 1));
    assert.throws(() => reserve(word('fourth'), 1), spent);
    for (const ended of coming) ended(false);
    reserve(word('fourth'), 1)(true);
  });

  it('forgets what lapsed, what an entry names and what did not come, each once', () => {
    const ended = reserve(ONE, 60);
    ended(true);
    ended(true);
    leases.release(address, ONE);
    leases.release(address, ONE);
    reserve(ONE, 100)(true);
    assert.throws(() => reserve(OTHER, 1), spent);
    clock.advance(UNTIL * 1000);
    reserve(OTHER, 100)(true);
    leases.release(address, OTHER);
    reserve(ONE, 100)(false);
    reserve(ONE, 100)(true);
  });
});
