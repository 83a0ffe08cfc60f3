import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { failsWith } from '../../../protocol/test/failsWith.ts';
import type { RecordSeen } from '../../../fhir/orders/signOff.ts';
import { utf8ToBytes } from '../../../crypto/bytes.ts';
import type { Party } from '../../party/Party.ts';
import { addRecord } from '../../records/addRecord.ts';
import { readChart } from '../../records/readChart.ts';
import { answerOrder, type OrderAnswered } from './answerOrder.ts';
import { openOrder, unreadLeft } from './openOrder.ts';
import { signOffOrder } from './signOffOrder.ts';
import {
  reportBundle,
  startOrderStage,
  TAKEN,
  withoutFile,
  type OrderStage,
} from './test/orderStage.ts';

let stage: OrderStage;

beforeEach(async () => {
  stage = await startOrderStage();
});
afterEach(async () => await stage.network.close());

/** A party whose node lost the file of a record. */
async function without(
  party: Party,
  { record, version }: Pick<OrderAnswered['records'][number], 'record' | 'version'>,
): Promise<Party> {
  const { patient, handle } = stage.care;
  const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
  const found = chart.records.find((each) => each.record === record && each.version === version);
  return withoutFile(party, (found ?? assert.fail()).file);
}

/** A second report of the laboratory on the chart, of no order: a reader without its file cannot know that. */
async function another(): Promise<Awaited<ReturnType<typeof addRecord>>> {
  const { lab, care } = stage;
  const { grant } = await stage.share(lab);
  const terms = { handle: care.handle, category: 'reports', purpose: 'TREAT', grant } as const;
  const added = await addRecord(lab, { ...terms, content: utf8ToBytes('A report.') });
  await stage.copied();
  return added;
}

describe('a record that cannot be read and may answer an order', () => {
  it('is named in the sign-off by whoever ordered, and then holds the order up no more', async () => {
    const { lab, care } = stage;
    const { doctor, handle } = care;
    await stage.share(lab);
    const { record } = await stage.order(lab.address);
    await stage.answer(lab, record);
    const lost = await another();
    const blind = await without(doctor, lost);
    const { order, unread } = await openOrder(blind, { handle, record });
    const seen = order.toSignOff;
    const named: RecordSeen = { record: lost.record, version: 1 };
    assert.deepEqual(
      unread.map((each) => each.record),
      [lost.record],
    );
    const other = { ...named, record };
    for (const given of [[], [other], [{ ...named, version: 0 }]]) {
      await assert.rejects(
        signOffOrder(blind, { handle, record, seen, unread: given }),
        failsWith('ORDER_CLOSED'),
      );
    }
    await signOffOrder(blind, { handle, record, seen, unread: [named] });
    const after = await openOrder(blind, { handle, record });
    assert.deepEqual(after.order.toSignOff, []);
    assert.deepEqual(unreadLeft(after.order, after.unread), []);
    assert.deepEqual(await stage.ordersOf(blind), []);
  });

  // @actor a nurse who may add reports to a chart | keeps an order from being signed off by files that nobody can open
  it('holds up an order without a named laboratory only if a laboratory wrote it', async () => {
    const { lab, care } = stage;
    const { doctor, stranger, handle } = care;
    await stage.share(lab);
    const { grant } = await stage.share(stranger);
    const { record } = await stage.order();
    await stage.answer(lab, record);
    const terms = { handle, category: 'reports', purpose: 'TREAT', grant } as const;
    const lost = await addRecord(stranger, { ...terms, content: utf8ToBytes('No report.') });
    await stage.copied();
    const blind = await without(doctor, lost);
    const { order, unread } = await openOrder(blind, { handle, record });
    assert.deepEqual(unread, []);
    await signOffOrder(blind, { handle, record, seen: order.toSignOff });
    assert.deepEqual(await stage.ordersOf(blind), []);
  });

  it('waits for a sign-off as soon as it can be read and answers the order', async () => {
    const { lab, care } = stage;
    const { doctor, handle } = care;
    await stage.share(lab);
    const { record } = await stage.order(lab.address);
    const preliminary = await stage.answer(
      lab,
      record,
      { report: { taken: TAKEN, status: 'preliminary', conclusion: 'So far.' }, results: [] },
      'first',
    );
    await stage.answer(lab, record);
    const lost = preliminary.records[0] ?? assert.fail();
    const blind = await without(doctor, lost);
    const { order } = await openOrder(blind, { handle, record });
    const unread = [{ record: lost.record, version: lost.version }];
    await signOffOrder(blind, { handle, record, seen: order.toSignOff, unread });
    assert.deepEqual(await stage.ordersOf(blind), []);
    const { order: whole } = await openOrder(doctor, { handle, record });
    assert.equal(whole.reports.length, 2);
    // A report that a final one replaced needs no sign-off of its own.
    assert.deepEqual(whole.toSignOff, []);
  });

  it('is named once only: a sign-off names what it could not read, and not what was read meanwhile', async () => {
    const { lab, care } = stage;
    const { doctor, handle } = care;
    await stage.share(lab);
    const { record } = await stage.order(lab.address);
    const { records } = await stage.answer(lab, record);
    const result = records.find(({ category }) => category === 'laboratory') ?? assert.fail();
    const blind = await without(doctor, result);
    const { order } = await openOrder(blind, { handle, record });
    assert.equal(order.toSignOff[0]?.unseen, 1);
    const unread = [{ record: result.record, version: result.version }];
    await signOffOrder(blind, { handle, record, seen: order.toSignOff, unread });
    assert.deepEqual(await stage.ordersOf(blind), []);
    // The result can be read again, and nobody saw it yet.
    const [back = assert.fail()] = await stage.ordersOf(doctor);
    assert.deepEqual([back.toSignOff.length, back.toSignOff[0]?.unseen], [1, 0]);
    await signOffOrder(doctor, { handle, record, seen: back.toSignOff, unread });
    const { order: over } = await openOrder(doctor, { handle, record });
    assert.deepEqual([over.toSignOff, over.passedOver.length], [[], 1]);
  });

  it('holds up the answer of its own author alone, who names it', async () => {
    const { lab, care } = stage;
    const { handle } = care;
    const other = await stage.network.party('lab');
    for (const each of [lab, other]) await stage.share(each);
    const { record } = await stage.order();
    const lost = await another();
    const bundleOf = (by: Party) => reportBundle(by, handle, record);
    const own = await without(lab, lost);
    const once = 'ab'.repeat(16);
    const answer = { handle, record, once, bundle: bundleOf(own) };
    await assert.rejects(answerOrder(own, answer), failsWith('ORDER_CLOSED'));
    const theirs = await without(other, lost);
    await answerOrder(theirs, { ...answer, once: 'cd'.repeat(16), bundle: bundleOf(other) });
    const unread = [{ record: lost.record, version: lost.version }];
    await answerOrder(own, { ...answer, unread });
    await stage.copied();
    assert.equal((await stage.onChart())[0]?.reports.length, 2);
  });
});

describe('a sign-off that cannot be read', () => {
  it('is signed once more, and then the order is over', async () => {
    const { lab, care } = stage;
    const { doctor, handle } = care;
    await stage.share(lab);
    const { record } = await stage.order(lab.address);
    await stage.answer(lab, record);
    const { order } = await openOrder(doctor, { handle, record });
    const seen = order.toSignOff;
    const lost = await signOffOrder(doctor, { handle, record, seen });
    const blind = await without(doctor, lost);
    const waits = async (): Promise<number> =>
      (await openOrder(blind, { handle, record })).order.toSignOff.length;
    assert.equal(await waits(), 1);
    const again = await signOffOrder(blind, { handle, record, seen });
    assert.notEqual(again.record, lost.record);
    assert.equal(await waits(), 0);
    assert.deepEqual(await signOffOrder(blind, { handle, record, seen }), {
      ...again,
      already: true,
    });
  });
});
