import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { submitEvidence } from '../../client/agent/submit.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import type { ChartRecord } from '../../client/records/viewChart.ts';
import { readChart } from '../../client/records/readChart.ts';
import { revokeRight } from '../../client/rights/revokeRight.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { ageIdentity, recipientOf } from '../../crypto/keys/ageIdentity.ts';
import {
  judgedBody,
  refusedWith,
  setOf,
  submissionOf,
  submitted,
  viewOf,
} from '../../node/test/requests.ts';
import { sealOf } from '../../node/test/sealOf.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { seconds } from '../../protocol/Clock.ts';
import { readerSalt } from '../../protocol/release/readerSalt.ts';
import type { View } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { ReleaseRequest } from '../ports.ts';

const BOUND = 90;
const LOG = 'care/hospital';
const SECRET = utf8ToBytes('a guarded note');

let network: TestNetwork;
let care: Care;
let record: ChartRecord;
/** Asks for shares for a view that was judged and logged while the ledger lived. */
let asked: ReleaseRequest;

before(async () => {
  network = await startTestNetwork({ guarded: true, maxAge: BOUND });
  care = await startCare(network);
  const { doctor, handle, right } = care;
  const own = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  await addRecord(doctor, { ...own, content: SECRET });
  const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
  record = chart.records[0] ?? assert.fail();
  const recipient = await recipientOf(ageIdentity(new Uint8Array(32).fill(5)));
  const salt = readerSalt(doctor.primitives, recipient, 0);
  const { record: id, version, acknowledgement } = record;
  const view = viewOf(care, later({ what: 'record', record: id, version, salt }));
  const entered = await submitEvidence(doctor, 'View', view, { opening: right.grant });
  const seal = await sealOf(network, record);
  const one = { view: entered.acknowledgement, place: 0, record: acknowledgement };
  asked = { log: LOG, recipient, views: [{ ...seal, ...one, opening: right.grant }] };
  await network.checkpoint();
  await network.services('laboratory').coordinator.release(asked);
  await network.checkpoint();
  // From here on the ledger takes nothing: nobody sends a transaction to it.
  network.clock.advance((BOUND - network.services().index.age) * 1000);
});
after(async () => await network.close());

/** The same view, which can be sent until four minutes from now. */
function later(view: Partial<View> = {}): Partial<View> {
  return { ...view, deadline: seconds(network.clock) + 240 };
}

/** The answer of a coordinator to a view of the chart that another's agent accepted. */
async function judged(name: string): Promise<unknown> {
  const { doctor } = care;
  const request = sign(doctor, doctor, 'View', viewOf(care, later()));
  const { index } = network.services(name);
  await index.refresh();
  const body = judgedBody(network, care, request, { block: index.block });
  const { coordinator } = network.services(name);
  const { refused } = await coordinator.judge({ log: LOG, bodies: [body] });
  return refused[0]?.problem.code;
}

async function readByDoctor(): Promise<unknown> {
  const { doctor, handle, right } = care;
  return await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
}

/** Number of entries in the hospital's log. */
function entries(): number {
  return network.services().logs.get(LOG)?.size ?? assert.fail();
}

describe('while the ledger’s newest block is as old as the network file allows', () => {
  it('a doctor’s view is judged', async () => {
    assert.equal(network.services().index.age, BOUND);
    assert.equal(await judged('laboratory'), undefined);
  });
});

describe('from the next second on', () => {
  before(() => network.clock.advance(1000));

  it('an agent refuses a view by a right without an entry, so that it can be sent again', async () => {
    const before = entries();
    const view = submissionOf(care, 'View', viewOf(care, later()));
    assert.equal(refusedWith(await submitted(care.doctor, view), 'LEDGER_STALE'), undefined);
    const { set, pairs } = setOf(care, [record], later());
    const sets = { ...submissionOf(care, 'ViewSet', set), pairs };
    assert.equal(refusedWith(await submitted(care.doctor, sets), 'LEDGER_STALE'), undefined);
    await assert.rejects(readByDoctor(), failsWith('LEDGER_STALE', { age: BOUND + 1 }));
    assert.equal(entries(), before);
  });

  // @actor an agent that judges a view though the ledger stands still | to have coordinators agree to it by a right that may have been ended
  it('no coordinator judges such a view, whatever the agent says', async () => {
    for (const name of ['laboratory', 'insurer']) assert.equal(await judged(name), 'LEDGER_STALE');
  });

  // @attack shares are asked for again for a view of before, by a right that its patient cannot end as the ledger stands still | no coordinator releases them
  it('no coordinator releases shares for a view that was judged before', async () => {
    for (const name of ['hospital', 'laboratory', 'insurer']) {
      const released = network.services(name).coordinator.release(asked);
      await assert.rejects(released, failsWith('LEDGER_STALE'));
    }
  });

  it('patients read their own charts, as the ledger gives nobody else that right', async () => {
    const { patient, handle } = care;
    const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
    assert.ok(chart.records.some((each) => each.record === record.record));
  });

  it('a doctor adds a result, which nobody else reads until a block comes', async () => {
    const { doctor, handle, right } = care;
    const before = entries();
    const own = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
    await addRecord(doctor, { ...own, content: utf8ToBytes('a result') });
    assert.equal(entries(), before + 1);
    assert.equal(await judged('laboratory'), 'LEDGER_STALE');
  });

  it('a clock that was ahead refuses alone, and judges again once it is right', async () => {
    network.clock.advance(-1000);
    assert.equal(await judged('laboratory'), undefined);
    network.clock.advance(1000);
    assert.equal(await judged('laboratory'), 'LEDGER_STALE');
  });

  it('no right holds longer for a clock that is behind the ledger: its blocks are not older than new', async () => {
    const { age } = network.services().index;
    network.clock.advance(-1000 * (age + 20));
    assert.equal(network.services().index.age, 0);
    network.clock.advance(1000 * (age + 20));
    assert.equal(network.services().index.age, age);
  });

  it('also after a restart, until it has heard of a block', async () => {
    await network.restart('laboratory');
    assert.equal(await judged('laboratory'), 'LEDGER_STALE');
  });
});

describe('once the ledger has a block again', () => {
  it('views are judged and shares released, and an end of the right that waited holds', async () => {
    await network.checkpoint();
    assert.equal(await judged('laboratory'), undefined);
    await readByDoctor();
    await network.services('laboratory').coordinator.release(asked);
    await revokeRight(care.patient, care.right.digest);
    await assert.rejects(readByDoctor(), failsWith('RIGHT_ENDED'));
  });
});
