import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { failsWith } from '../../../protocol/test/failsWith.ts';
import { checkInbox } from '../inbox/checkInbox.ts';
import { ordersKept } from './keptOrders.ts';
import { startOrderStage, type OrderStage } from './test/orderStage.ts';
import { withdrawOrder } from './withdrawOrder.ts';

let stage: OrderStage;

beforeEach(async () => {
  stage = await startOrderStage();
});
afterEach(async () => await stage.network.close());

describe('an order', () => {
  it('is withdrawn by whoever ordered, once, and takes no answer after that', async () => {
    const { lab, care } = stage;
    const { doctor, handle } = care;
    await stage.share(lab);
    const { record } = await stage.order(lab.address);
    await checkInbox(lab);
    const place = { handle, record };
    await assert.rejects(withdrawOrder(lab, place), failsWith('ORDER_CLOSED'));
    assert.equal((await withdrawOrder(doctor, place))?.version, 2);
    await stage.copied();
    assert.equal(await withdrawOrder(doctor, place), undefined);
    assert.deepEqual([await stage.ordersOf(doctor), await stage.ordersOf(lab)], [[], []]);
    assert.equal((await ordersKept(doctor))[0]?.done, true);
    await assert.rejects(stage.answer(lab, record), failsWith('ORDER_CLOSED'));
  });

  it('with its final report is not withdrawn', async () => {
    const { lab, care } = stage;
    const { doctor, handle } = care;
    await stage.share(lab);
    const { record } = await stage.order(lab.address);
    await stage.answer(lab, record);
    await assert.rejects(withdrawOrder(doctor, { handle, record }), failsWith('ORDER_CLOSED'));
  });
});
