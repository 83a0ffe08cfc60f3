import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type {
  Audit,
  AuditedLog,
  AuditEvent,
  KeptAudit,
  KeptLog,
} from '../../../src/client/index.ts';
import { proofOf, shownAudit } from './AuditProof.ts';

const event: AuditEvent = { log: 'care/hospital', index: 0, entry: '0x' };
const log: AuditedLog = {
  log: 'care/hospital',
  checkpoint: { size: 1 } as never,
  events: [event],
  complete: true,
  faults: [],
  unchecked: [],
};

function auditAt(at: number, change: Partial<AuditedLog> = {}): Audit {
  const acknowledgement = { body: JSON.stringify({ at }) } as Audit['acknowledgement'];
  const logs = [{ ...log, ...change }];
  return { handle: '0x', acknowledgement, logs, parts: [], key: { ticket: '', request: '0x' } };
}

function keptAt(at: number, doubted?: number): KeptAudit {
  return { at, lines: 1, logs: [], audit: auditAt(at), ...(doubted !== undefined && { doubted }) };
}

describe('how an audit is proven', () => {
  it('is of the session if it has one, else of the device, and of its moment', () => {
    const last = auditAt(20);
    const kept = keptAt(10);
    const none = { last: undefined, kept: undefined, isAway: false };
    assert.equal(proofOf(none), undefined);
    assert.equal(proofOf({ ...none, isAway: true }), undefined);
    assert.deepEqual(proofOf({ ...none, kept }), { state: 'checking', at: 10 });
    assert.deepEqual(proofOf({ ...none, kept, isAway: true }), { state: 'away', at: 10 });
    assert.deepEqual(proofOf({ last, kept, isAway: false }), { state: 'proven', at: 20 });
    assert.deepEqual(proofOf({ last, kept, isAway: true }), { state: 'away', at: 20 });
  });

  it('is in doubt by the faults of the last audit, also of one before the lock, until there is one without', () => {
    const faulty = auditAt(20, { faults: ['it forked'] });
    const doubted = keptAt(10, 15);
    assert.deepEqual(proofOf({ last: faulty, kept: keptAt(10), isAway: true }), {
      state: 'disagree',
      at: 20,
    });
    assert.deepEqual(proofOf({ last: undefined, kept: doubted, isAway: false }), {
      state: 'disagree',
      at: 15,
    });
    assert.deepEqual(proofOf({ last: auditAt(20), kept: doubted, isAway: false }), {
      state: 'proven',
      at: 20,
    });
  });

  it('is of the moment of the oldest lines that are shown', () => {
    const { checkpoint: _, ...unread } = { ...log, events: [] };
    const last = { ...auditAt(20), logs: [unread] };
    const kept: KeptAudit = { ...keptAt(10), logs: [{ log: log.log, at: 10 } as KeptLog] };
    assert.deepEqual(proofOf({ last, kept, isAway: false }), { state: 'proven', at: 10 });
  });

  it('keeps the lines in sight that were proven before in a log that cannot be examined now', () => {
    const { checkpoint: _, ...unexamined } = { ...log, faults: ['it forked'], events: [] };
    const last = { ...auditAt(20), logs: [unexamined] };
    const shown = shownAudit({ last, kept: keptAt(10) }) ?? assert.fail();
    assert.deepEqual(shown.logs, [{ ...unexamined, events: [event] }]);
    assert.equal(shownAudit({ last, kept: undefined }), last);
    const newer = { ...keptAt(15), audit: auditAt(15, { events: [event, event], older: 7 }) };
    const [since] = shownAudit({ last: { ...last, base: newer }, kept: keptAt(10) })?.logs ?? [];
    assert.deepEqual([since?.events.length, since?.older], [2, 7], 'proven in this session');
    const whole = auditAt(20, { events: [] });
    assert.equal(shownAudit({ last: whole, kept: keptAt(10) }), whole);
  });
});
