import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { ReportValues } from '../../../fhir/forms/reportForm.ts';
import { ZERO32 } from '../../../protocol/ids.ts';
import { memoryDevice } from '../../party/memoryDevice.ts';
import type { Party } from '../../party/Party.ts';
import { readChart } from '../../records/readChart.ts';
import { readRecord } from '../../records/readRecord.ts';
import { addAmendment } from '../amendments/addAmendment.ts';
import { checkInbox } from '../inbox/checkInbox.ts';
import { criticalBy } from './criticalBy.ts';
import { answerOrder, type OrderAnswered } from './answerOrder.ts';
import { ordersKept, type OrderKept } from './keptOrders.ts';
import { openOrder } from './openOrder.ts';
import { signOffOrder } from './signOffOrder.ts';
import { NORMAL, reportBundle, startOrderStage, type OrderStage } from './test/orderStage.ts';

let stage: OrderStage;

beforeEach(async () => {
  stage = await startOrderStage();
});
afterEach(async () => await stage.network.close());

const CRITICAL: ReportValues = {
  ...NORMAL,
  results: [{ test: 'Potassium', value: '7.1', unit: 'mmol/L', interpretation: 'HH' }],
};

async function keptOf(party: Party): Promise<OrderKept> {
  return (await ordersKept(party))[0] ?? assert.fail();
}

/** Puts the next version of a record of the laboratory on the chart, and tells of it. */
async function correct(
  { grant }: Awaited<ReturnType<OrderStage['share']>>,
  written: OrderAnswered['records'][number],
  lab = stage.lab,
): Promise<void> {
  const { care } = stage;
  const { handle } = care;
  const chart = await readChart(lab, { handle, grant, purpose: 'TREAT' });
  const found = chart.records.find((each) => each.record === written.record) ?? assert.fail();
  const { content } = await readRecord(lab, chart, found);
  const amends = { ...written, begunBy: lab.address, about: ZERO32 } as const;
  const { category } = written;
  const terms = { handle, category, purpose: 'TREAT', grant } as const;
  const { untold } = await addAmendment(lab, { ...terms, content, amends });
  assert.equal(untold, undefined);
  await stage.copied();
}

describe('a critical result of which a letter told', () => {
  it('stays noted as the laboratory’s word until the device reads it on the chart, though it lists the order meanwhile', async () => {
    const { lab, care } = stage;
    const { doctor } = care;
    await stage.share(lab);
    const { record } = await stage.order(lab.address);
    const { handle } = care;
    const bundle = reportBundle(lab, handle, record, CRITICAL);
    await answerOrder(lab, { handle, record, bundle, once: 'ab'.repeat(16) });
    await checkInbox(doctor);
    // The node of the doctor does not have the laboratory's entries yet.
    for (const _time of [1, 2]) {
      const [row = assert.fail()] = await stage.todo(doctor);
      const [order = assert.fail()] = row.orders;
      assert.deepEqual([order.reports, row.kept[0]?.critical], [[], true]);
      assert.equal(criticalBy(order, row.kept), 'letter');
    }
    await stage.copied();
    const [row = assert.fail()] = await stage.todo(doctor);
    const [order = assert.fail()] = row.orders;
    assert.equal(criticalBy(order, row.kept), 'chart');
    assert.equal((await keptOf(doctor)).told, undefined);
    await signOffOrder(doctor, { handle, record, seen: order.toSignOff });
    assert.deepEqual(
      [(await keptOf(doctor)).critical, (await keptOf(doctor)).done],
      [undefined, true],
    );
  });

  it('is not critical any more if the chart says so', async () => {
    const { lab, care } = stage;
    await stage.share(lab);
    const { record } = await stage.order(lab.address);
    await stage.answer(lab, record);
    const [row = assert.fail()] = await stage.todo(care.doctor);
    assert.equal(criticalBy(row.orders[0] ?? assert.fail(), row.kept), undefined);
  });
});

describe('a report that answers an order', () => {
  for (const category of ['reports', 'laboratory'] as const) {
    it(`is told to whoever ordered when its record of ${category} is amended, and the order is open again`, async () => {
      const { lab, care } = stage;
      const { doctor, handle } = care;
      const right = await stage.shareToAmend();
      const { record } = await stage.order(lab.address);
      const { records } = await stage.answer(lab, record, CRITICAL);
      await checkInbox(doctor);
      const { order } = await openOrder(doctor, { handle, record });
      await signOffOrder(doctor, { handle, record, seen: order.toSignOff });
      assert.equal((await keptOf(doctor)).done, true);
      await correct(right, records.find((each) => each.category === category) ?? assert.fail());
      assert.equal((await checkInbox(doctor)).orderAnswers, 1);
      const kept = await keptOf(doctor);
      assert.deepEqual(
        [kept.done, kept.answered, kept.critical],
        [undefined, true, category === 'laboratory' ? true : undefined],
      );
      assert.equal((await stage.ordersOf(doctor))[0]?.toSignOff.length, 1);
    });
  }

  it('tells nobody of an amendment by a device that did not answer', async () => {
    const { lab, care } = stage;
    const right = await stage.shareToAmend();
    const { record } = await stage.order(lab.address);
    const { records } = await stage.answer(lab, record);
    await checkInbox(care.doctor);
    const other = { ...lab, device: memoryDevice() };
    await correct(right, records[0] ?? assert.fail(), other);
    assert.equal((await checkInbox(care.doctor)).orderAnswers, 0);
  });
});
