import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { portablePrimitives as primitives } from '../../crypto/portablePrimitives.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import { pairLeaf } from '../../protocol/evidence/viewSet.ts';
import type { DestroyedAt } from '../../protocol/evidence/verifyErasure.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import { network, word } from '../../protocol/test/sampleNetwork.ts';
import type { AuditEvent, ReleaseTold } from './Audit.ts';
import { servedAfter } from './servedAfter.ts';

const [{ name: log, organisation } = { name: '', organisation: '' }, other] =
  network.channels[0]?.logs ?? [];
const ERASED = { record: word('erased'), version: 1 } as Write;
const KEPT = { record: word('kept'), version: 1 };
const SALT = `0x${'0d'.repeat(16)}` as const;
const DESTROYED: readonly DestroyedAt[] = [organisation, other?.organisation ?? ''].map((name) => ({
  organisation: name,
  at: 100,
  stated: 200,
}));

function event(at: number, change: Partial<AuditEvent>, request: object): AuditEvent {
  const body = { format: 'medseal-body/1', flag: 'A', log, at, request } as unknown as Body;
  return { log, index: at, entry: word(`entry ${at}`), body, ...change };
}

function view(
  at: number,
  change: Partial<AuditEvent> = {},
  of = ERASED as typeof KEPT,
): AuditEvent {
  return event(at, change, { type: 'View', message: { what: 'record', ...of } });
}

function set(
  at: number,
  pairs: NonNullable<AuditEvent['pairs']>,
  released: readonly ReleaseTold[] = [],
) {
  const message = { salt: SALT, count: pairs.length };
  return event(at, { pairs, released }, { type: 'ViewSet', message });
}

function told(at: number, leaf?: ReleaseTold['leaf']): ReleaseTold {
  const name = other?.organisation ?? '';
  return { organisation: name, at, recipient: word('reader'), ...(leaf && { leaf }) };
}

function found(...events: readonly AuditEvent[]) {
  const acts = servedAfter({ primitives, network }, events, [ERASED], DESTROYED);
  return acts.map(({ organisation: by, at, isRelease }) => [by, at, isRelease]);
}

describe('acts with erased records after an organisation’s own date', () => {
  it('are views that its log let pass, and none before that date, of other records, or refused', () => {
    assert.deepEqual(found(view(101)), [[organisation, 101, false]]);
    assert.deepEqual(found(view(100), view(101, {}, KEPT), view(101, { fault: 'altered' })), []);
    const refused = view(101);
    const body = { ...refused.body, flag: 'R' } as Body;
    assert.deepEqual(found({ ...refused, body }), []);
  });

  // @attack an organisation releases the key of a record that it says is destroyed, for a view of before | its own note contradicts it
  it('are releases that an organisation tells, for a view of before as well', () => {
    assert.deepEqual(found(view(90, { released: [told(99), told(102)] })), [
      [other?.organisation, 102, true],
    ]);
  });

  it('are found in views of several records, of which the leaf alone is told', () => {
    const [erased, kept] = [ERASED, KEPT].map((each) => pairLeaf(primitives, SALT, each));
    assert.ok(erased && kept);
    assert.deepEqual(found(set(101, [KEPT, { leaf: erased }])), [[organisation, 101, false]]);
    assert.deepEqual(found(set(101, [KEPT])), []);
    assert.deepEqual(found(set(90, [KEPT, ERASED], [told(102, kept), told(103, erased)])), [
      [other?.organisation, 103, true],
    ]);
  });
});
