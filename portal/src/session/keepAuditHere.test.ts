import assert from 'node:assert/strict';
import { it } from 'node:test';
import { memoryDevice, type Audit, type KeptAudit } from '../../../src/client/index.ts';
import { keepAuditHere } from './keepAuditHere.ts';
import type { Session } from './Session.ts';

function auditAt(at: number, faults: readonly string[]): Audit {
  const log = 'care/hospital';
  const acknowledgement = { body: JSON.stringify({ at }) } as Audit['acknowledgement'];
  const logs = [{ log, events: [], complete: false, faults, unchecked: [] }];
  return { handle: '0x', acknowledgement, logs, parts: [], key: { ticket: '', request: '0x' } };
}

it('an audit with faults is noted at once, also within the pause after another one', async () => {
  let writes = 0;
  const device = memoryDevice();
  const alone = async (): Promise<undefined> => {
    writes += 1;
    return await Promise.resolve(undefined);
  };
  const clock = { now: () => 0, after: () => () => undefined };
  const party = { device: { ...device, alone }, clock } as unknown as Session['party'];
  const none = Promise.resolve({} as KeptAudit);
  const keep = async (audit: Audit): Promise<number> => {
    keepAuditHere(party, audit, none);
    await new Promise(setImmediate);
    return writes;
  };
  assert.equal(await keep(auditAt(1, [])), 1);
  assert.equal(await keep(auditAt(2, [])), 1, 'it waits');
  assert.equal(await keep(auditAt(3, ['it forked'])), 2);
});
