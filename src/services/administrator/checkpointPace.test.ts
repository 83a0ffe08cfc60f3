import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { examineAudit } from '../../client/audit/examineAudit.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import { readChart } from '../../client/records/readChart.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { acknowledgedBy, submissionOf, viewOf } from '../../node/test/requests.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { DEFAULT_POLICY } from './createCheckpointer.ts';

const LOG = 'care/hospital';
const { maxDelay: PACE } = DEFAULT_POLICY;

let network: TestNetwork;
let care: Care;

beforeEach(async () => {
  network = await startTestNetwork({ cared: true, policy: DEFAULT_POLICY });
  care = await startCare(network);
  // Somewhere between two moments.
  network.clock.advance(PACE - (network.clock.now() % PACE) + 1000);
  await settled();
});

afterEach(async () => await network.close());

/** Lets everything happen that needs no more time. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

async function passed(milliseconds: number): Promise<number> {
  network.clock.advance(milliseconds);
  await settled();
  const { contributor } = network.services();
  return (await contributor.latestCheckpoint(LOG))?.checkpoint.size ?? 0;
}

/** Lets time pass until something is done, and at most half a minute. */
async function whilePassing<Result>(work: Promise<Result>): Promise<Result> {
  const state = { isDone: false };
  const done = work.finally(() => {
    state.isDone = true;
  });
  for (let count = 0; count < 300 && !state.isDone; count++) await passed(100);
  return await done;
}

async function anEntry(): Promise<void> {
  await acknowledgedBy(care.doctor, submissionOf(care, 'View', viewOf(care)));
}

describe('a log is checkpointed', () => {
  it('at moments that all organisations share, whenever its entries came', async () => {
    await anEntry();
    assert.equal(await passed(2000), 0);
    await anEntry();
    assert.equal(await passed(1999), 0);
    assert.equal(await passed(1), 2);
    await anEntry();
    assert.equal(await passed(PACE - 1), 2);
    assert.equal(await passed(1), 3);
  });

  it('soon after somebody asks for a receipt, with all that came meanwhile', async () => {
    await anEntry();
    assert.equal(await passed(500), 0);
    await network.agent().receipt({ log: LOG, index: 0 });
    assert.equal(await passed(100), 0);
    await anEntry();
    await network.agent().receipt({ log: LOG, index: 1 });
    assert.equal(await passed(99), 0);
    assert.equal(await passed(1), 2);
  });

  it('at its pace again, once those who waited have their receipts', async () => {
    await anEntry();
    await network.agent().receipt({ log: LOG, index: 0 });
    assert.equal(await passed(200), 1);
    await anEntry();
    assert.equal(await passed(1000), 1);
    await network.agent().receipt({ log: LOG, index: 0 });
    assert.equal(await passed(1000), 1, 'the entry has its receipt');
    await network.agent().receipt({ log: LOG, index: 1 });
    assert.equal(await passed(200), 2);
  });

  it('soon after another organisation waits for an entry, and for one of this log alone', async () => {
    await anEntry();
    const { contributor } = network.services();
    const copies = network.services('laboratory').contributor;
    assert.equal(await copies.nextCheckpoint({ log: LOG, size: 0 }), undefined);
    assert.equal(await passed(500), 0, 'a copy cannot be hastened');
    assert.equal(await contributor.nextCheckpoint({ log: LOG, size: 0 }), undefined);
    assert.equal(await passed(200), 1);
  });

  it('soon after a chart elsewhere is to come after one of its entries', async () => {
    const { patient, handle } = care;
    const content = utf8ToBytes('acknowledged at the hospital');
    const record = { handle, category: 'other', content, purpose: 'PATRQT' } as const;
    const { acknowledgement } = await addRecord(patient, record);
    const elsewhere = { ...patient, agent: network.agent('insurer'), log: 'care/insurer' };
    const waiting = readChart(elsewhere, { ...record, after: [acknowledgement] });
    await settled();
    await passed(200);
    const { records } = await waiting;
    assert.deepEqual(
      records.map((each) => each.acknowledgement),
      [acknowledgement],
    );
  });

  it('in time for an audit elsewhere that is to have one of its entries', async () => {
    await anEntry();
    const elsewhere = { ...care.patient, agent: network.agent('insurer'), log: 'care/insurer' };
    const auditing = examineAudit(elsewhere, { having: { log: LOG, index: 0 } });
    const { logs } = await whilePassing(auditing);
    const places = logs.flatMap(({ log, events }) => events.map(({ index }) => `${log} ${index}`));
    assert.ok(places.includes(`${LOG} 0`), places.join(', '));
  });

  it('and an audit that is to have something other than an entry comes without it', async () => {
    await anEntry();
    const elsewhere = { ...care.patient, agent: network.agent('insurer'), log: 'care/insurer' };
    const auditing = examineAudit(elsewhere, { having: { log: LOG, index: 2 ** 40 } });
    const { logs } = await whilePassing(auditing);
    assert.deepEqual(
      logs.flatMap(({ faults }) => faults),
      [],
    );
  });

  it('no sooner for entries that it has not, or that are no places', async () => {
    await anEntry();
    for (const index of [1, -1, 0.5, Number.NaN, Number.MAX_SAFE_INTEGER]) {
      await assert.rejects(network.agent().receipt({ log: LOG, index }), failsWith('NOT_FOUND'));
    }
    const { contributor } = network.services();
    for (const size of [1, 2 ** 40]) await contributor.nextCheckpoint({ log: LOG, size });
    assert.equal(await passed(1000), 0);
    assert.equal(await passed(3000), 1);
  });

  it('and says for how long entries have waited', async () => {
    const { administrator } = network.services();
    assert.equal(administrator.waited(), 0);
    await anEntry();
    await passed(1500);
    await anEntry();
    assert.equal(administrator.waited(), 1500);
    await passed(2500);
    assert.equal(administrator.waited(), 0);
  });
});
