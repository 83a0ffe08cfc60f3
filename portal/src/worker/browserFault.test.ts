import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isMedsealError } from '../../../src/errors/isMedsealError.ts';
import { browserFault } from './browserFault.ts';

/** Gives the portal a browser's exception of a name. */
function named(name: string): unknown {
  return browserFault(new DOMException('', name));
}

describe('a failure of the browser', () => {
  it('says that the device is full, or that the file changed or went away, and is left as it is otherwise', () => {
    assert.equal(isMedsealError(named('QuotaExceededError'), 'DEVICE_FULL'), true);
    for (const name of ['NotReadableError', 'NotFoundError']) {
      assert.equal(isMedsealError(named(name), 'FILE_CHANGED'), true);
    }
    for (const other of [new DOMException('', 'AbortError'), new Error('QuotaExceededError'), 1]) {
      assert.equal(browserFault(other), other);
    }
  });
});
