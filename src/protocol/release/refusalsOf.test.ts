import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { finalRefusal } from './refusalsOf.ts';

const erased = new MedsealError('RECORD_ERASED', { category: 'vitals' });
const ended = new MedsealError('RIGHT_ENDED', {});
const invalid = new MedsealError('EVIDENCE_INVALID', { reason: 'it is another' });
const notYet = new MedsealError('NOT_YET', { what: 'checkpoint' });
const closed = new MedsealError('LOG_CLOSED', { log: 'care/hospital' });
const older = new MedsealError('METHOD_UNKNOWN', { method: 'release' });
const missing = new MedsealError('NOT_FOUND', { what: 'entry' });
const malformed = new MedsealError('PEER_MALFORMED', { what: 'error' });

function told(threshold: number, of: number, ...refusals: readonly MedsealError[]): unknown {
  const names = Array.from({ length: of }, (_, nth) => [`organisation-${nth}`, nth + 1] as const);
  return finalRefusal({ threshold, indices: new Map(names) }, refusals)?.code;
}

describe('the reason for which nobody will release a share', () => {
  it('is the one that most give, once the others are too few', () => {
    assert.equal(told(3, 5, ended, erased, erased), 'RECORD_ERASED');
    assert.equal(told(3, 5, ended, erased), undefined);
    assert.equal(told(3, 5, ended, erased, notYet), undefined);
  });

  it('is the same in whatever order equally many are given: what a reader can mend before an erasure', () => {
    assert.equal(told(3, 6, ended, erased, erased, ended), 'RIGHT_ENDED');
    assert.equal(told(3, 6, erased, ended, ended, erased), 'RIGHT_ENDED');
  });

  // @attack one organisation says that a record was erased, or a party suspended, while another has a trouble of its own | no reader is told so
  it('takes two organisations for each reason, and no trouble of one organisation counts', () => {
    assert.equal(told(2, 3, ended, erased), 'EVIDENCE_INVALID');
    assert.equal(told(2, 3, erased, ended), 'EVIDENCE_INVALID');
    assert.equal(told(3, 5, invalid, erased, ended), 'EVIDENCE_INVALID');
    assert.equal(told(2, 3, erased, closed), 'EVIDENCE_INVALID');
    assert.equal(told(2, 3, closed, closed), 'LOG_CLOSED');
    for (const trouble of [older, missing]) {
      assert.equal(told(2, 3, erased, trouble), undefined);
    }
  });

  it('does not come of one organisation alone, even beside a wrong answer', () => {
    assert.equal(told(3, 3, erased), undefined);
    assert.equal(told(2, 3, erased, malformed), undefined);
    assert.equal(told(1, 1, erased), 'RECORD_ERASED');
  });
});
