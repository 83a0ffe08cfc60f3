import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { AuditEvent } from './Audit.ts';
import { newestLines } from './newestLines.ts';

/** A line of about four kilobytes; the second one is a write. */
function line(index: number, at: number, isOfDevice = false): AuditEvent {
  const request = { type: index === 1 ? 'Write' : 'View' };
  const body = { at, request, salt: 'x'.repeat(4000), ...(isOfDevice && { readings: {} }) };
  return { log: 'care/hospital', index, entry: '0x', body: body as never };
}

it('the newest lines that fit are kept in their order, those of people before those of devices, and what was written before all', () => {
  const days = Array.from({ length: 3000 }, (_, index) =>
    line(index, 1000 + index, index % 2 === 0),
  );
  const kept = newestLines(days);
  assert.ok(kept.length > 900 && JSON.stringify(kept).length < 2 ** 22 + kept.length);
  assert.equal(
    kept.every(({ index }) => index % 2 === 1),
    true,
  );
  assert.deepEqual(
    kept.map(({ index }) => index),
    [1, ...Array.from({ length: kept.length - 1 }, (_, nth) => 2999 - 2 * (kept.length - 2 - nth))],
  );
  const few = days.slice(0, 300);
  assert.deepEqual(newestLines(few), few);
});
