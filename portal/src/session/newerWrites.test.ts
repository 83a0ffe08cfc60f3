import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuditEvent, Chart } from '../../../src/client/index.ts';
import { newerWrites } from './newerWrites.ts';

/** An event as an audit has it, as far as it matters here. */
function event(index: number, body: unknown, rest: Partial<AuditEvent> = {}): AuditEvent {
  return { log: 'care/hospital', index, body, ...rest } as AuditEvent;
}

const WRITE = { flag: 'A', request: { type: 'Write' } };
const chart = {
  records: [{ acknowledgement: { log: 'care/hospital', index: 1 } }],
} as unknown as Chart;

function newer(...events: readonly AuditEvent[]): readonly string[] {
  return newerWrites({ logs: [{ events }] }, chart);
}

describe('an audit', () => {
  it('tells of the records that a list does not have yet, and of no other', () => {
    assert.deepEqual(newer(event(1, WRITE)), []);
    assert.deepEqual(newer(event(1, WRITE), event(2, WRITE)), ['care/hospital#2']);
    const elsewhere = event(1, WRITE, { log: 'care/laboratory' });
    assert.deepEqual(newer(elsewhere), ['care/laboratory#1']);
  });

  it('does not have the list read again for a view, a batch of readings, a refusal, an erased body or a write that is not proven', () => {
    assert.deepEqual(
      newer(
        event(2, { flag: 'A', request: { type: 'ViewSet' } }),
        event(3, { ...WRITE, readings: {} }),
        event(4, { ...WRITE, flag: 'R' }),
        event(5, undefined),
        event(6, WRITE, { fault: 'REQUEST_FORGED' }),
      ),
      [],
    );
  });
});
