import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuditEvent } from '../../../../src/client/index.ts';
import { portablePrimitives } from '../../../../src/crypto/portablePrimitives.ts';
import { listPairs } from '../../../../src/protocol/evidence/viewSet.ts';
import { partsOfViews } from './partsOfViews.ts';

const COUNT = 200;
const SALT = `0x${'5a'.repeat(16)}` as const;

function recordOf(nth: number): `0x${string}` {
  return `0x${nth.toString(16).padStart(64, '0')}`;
}

/** A view of many records, one of which an organisation says it released. */
function viewOfMany(): AuditEvent {
  const all = Array.from({ length: COUNT }, (_, nth) => ({ record: recordOf(nth), version: 1 }));
  const { pairs, root, count } = listPairs(portablePrimitives, SALT, all);
  const message = { salt: SALT, root, count, purpose: 'TREAT' };
  const body = { flag: 'A', at: 7, request: { type: 'ViewSet', party: '0xaa', message } };
  const released = [{ organisation: 'hospital', at: 8, recipient: root, leaf: root }];
  return { log: 'care/hospital', index: 0, entry: root, body, pairs, released } as never;
}

describe('the parts of views of several records', () => {
  // @attack a reader signs views of a thousand records | the portal hashes the list of each once, and makes proofs when a person reports one
  it('are found once for each view that is drawn, however often it is drawn', () => {
    let hashed = 0;
    const sha256: typeof portablePrimitives.sha256 = (...given) => {
      hashed += 1;
      return portablePrimitives.sha256(...given);
    };
    const event = viewOfMany();
    const { recordsOf, isWhole } = partsOfViews({ sha256 }, [event]);
    assert.equal(hashed, 0, 'nothing is drawn yet');
    assert.equal(recordsOf(event).length, COUNT);
    assert.ok(hashed <= 2 * COUNT, `${hashed} hashes`);
    const first = hashed;
    assert.equal(recordsOf(event), recordsOf(event));
    assert.deepEqual([hashed, isWhole(event)], [first, false]);
  });
});
