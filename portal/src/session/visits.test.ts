import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  memoryDevice,
  type Audit,
  type AuditedLog,
  type Party,
} from '../../../src/client/index.ts';
import { newSince } from './visits.ts';

const own = '0x01';
const other = '0x02';

/** A party with a device, as the functions of a visit use it. */
function partyAt(device: Party['device']): Party {
  return { address: own, device } as unknown as Party;
}

/** An audit of one log with an entry of each party. */
function auditOf(parties: readonly string[], change: Partial<AuditedLog> = {}): Audit {
  const events = parties.map((party, index) => ({
    log: 'care/a',
    index,
    body: { at: index, request: { party } },
  }));
  const checkpoint = { size: parties.length };
  const log = { log: 'care/a', checkpoint, events, complete: true, faults: [], ...change };
  return { logs: [log] } as unknown as Audit;
}

const places = (events: Awaited<ReturnType<typeof newSince>>): readonly number[] =>
  events.map(({ index }) => index);

it('names what others did since the last session, newest first, and keeps to that during the session', async () => {
  const device = memoryDevice();
  const first = partyAt(device);
  assert.deepEqual(places(await newSince(first, auditOf([other, own, other]))), [2, 0]);
  assert.deepEqual(places(await newSince(first, auditOf([other, own, other]))), [2, 0]);
  const later = partyAt(device);
  assert.deepEqual(places(await newSince(later, auditOf([other, own, other]))), []);
  assert.deepEqual(places(await newSince(later, auditOf([other, own, other, own, other]))), [4]);
});

it('names again what an answer left out that was not complete, or had a fault', async () => {
  for (const change of [{ complete: false }, { faults: ['a line is missing'] }]) {
    const device = memoryDevice();
    assert.deepEqual(
      places(await newSince(partyAt(device), auditOf([other, other], change))),
      [1, 0],
    );
    assert.deepEqual(
      places(await newSince(partyAt(device), auditOf([other, other, other]))),
      [2, 1, 0],
    );
    assert.deepEqual(places(await newSince(partyAt(device), auditOf([other, other, other]))), []);
  }
});
