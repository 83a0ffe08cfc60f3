import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from './MedsealError.ts';
import { toPublicError } from './toPublicError.ts';

function unwritable(cause: unknown): MedsealError {
  return new MedsealError('FOLDER_UNWRITABLE', { path: '/srv/anna' }, { cause });
}

describe('a write that failed', () => {
  it('is a disk that is full where system or database say so, however deep', () => {
    const io = new Error('IO error: /srv/anna/000003.log: No space left on device');
    for (const cause of [
      Object.assign(new Error('write'), { code: 'ENOSPC' }),
      Object.assign(new Error('write'), { code: 'EDQUOT' }),
      io,
      new Error('Database is not open', { cause: io }),
      unwritable(Object.assign(new Error('write'), { code: 'ENOSPC' })),
    ]) {
      assert.equal(toPublicError(unwritable(cause)).code, 'STORAGE_FULL');
    }
  });

  it('is a disk that fails where they say anything else', () => {
    const around = new Error('around');
    around.cause = around;
    for (const cause of [
      undefined,
      Object.assign(new Error('write'), { code: 'EIO' }),
      Object.assign(new Error('write'), { code: 'EROFS' }),
      around,
    ]) {
      assert.equal(toPublicError(unwritable(cause)).code, 'STORAGE_FAILED');
    }
  });

  it('tells nobody outside where the folder is, and says that it may go later', () => {
    for (const code of ['ENOSPC', 'EIO']) {
      const told = toPublicError(unwritable(Object.assign(new Error('/srv/anna'), { code })));
      assert.doesNotMatch(JSON.stringify(told.toProblem()), /srv|anna/);
      assert.equal(told.retry, true);
    }
  });

  it('changes no other error', () => {
    const other = new MedsealError('RIGHT_MISSING', {});
    assert.equal(toPublicError(other), other);
  });
});
