import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { describeFailed } from './describeFailed.ts';

const DEVICE = `0x${'22'.repeat(20)}` as const;

describe('what went wrong at a simulated device', () => {
  it('is the code that its gateway told it, or what to do if its pin is another chart’s', () => {
    assert.equal(describeFailed(DEVICE, 'RIGHT_ENDED'), `${DEVICE} was told RIGHT_ENDED`);
    const wrong = describeFailed(DEVICE, 'KEY_UNAUTHENTIC');
    assert.match(wrong, /seals nothing \(KEY_UNAUTHENTIC\).*Give it the pin of the chart/);
    assert.doesNotMatch(wrong, /was told/);
    const error = new MedsealError('KEY_UNAUTHENTIC', { what: 'network file' });
    const old = describeFailed(DEVICE, 'KEY_UNAUTHENTIC', error);
    assert.match(old, /network file of its pin.*device list --pin.*another gateway/);
  });
});
