import type { Bundle } from '@medplum/fhirtypes';
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { RecordId } from '../../../protocol/ids.ts';
import { addBundle } from '../../records/addBundle.ts';
import { checkInbox } from '../inbox/checkInbox.ts';
import { answerOrder } from './answerOrder.ts';
import { ordersKept } from './keptOrders.ts';
import { reportBundle, startOrderStage, type OrderStage } from './test/orderStage.ts';

let stage: OrderStage;

beforeEach(async () => {
  stage = await startOrderStage();
});
afterEach(async () => await stage.network.close());

type Change = (resource: Record<string, unknown>, url: string) => object;
const concept = (code: string) => [{ coding: [{ code }] }];
const PANEL = 'urn:uuid:8a36e6d4-1f4e-8c33-a111-000000000001';
const CYCLE = 'urn:uuid:8a36e6d4-1f4e-8c33-a111-000000000002';

/** A report whose one result is a panel: its member is another panel, and that one's members are the result and the first panel. */
function panelOf(record: RecordId, leaf: object): Bundle {
  const { lab, care } = stage;
  const { entry: [report = assert.fail(), result = assert.fail()] = [] } = reportBundle(
    lab,
    care.handle,
    record,
  );
  const { valueQuantity: _value, ...empty } = result.resource as unknown as Record<string, unknown>;
  const panel = (fullUrl: string, ...members: readonly string[]) => ({
    fullUrl,
    resource: { ...empty, hasMember: members.map((reference) => ({ reference })) },
  });
  const url = result.fullUrl ?? assert.fail();
  const entry = [
    { ...report, resource: { ...report.resource, result: [{ reference: PANEL }] } },
    panel(PANEL, CYCLE),
    panel(CYCLE, url, PANEL),
    { fullUrl: url, resource: { ...result.resource, ...leaf } },
  ];
  return { resourceType: 'Bundle', type: 'collection', entry } as unknown as Bundle;
}

/** A record that is not on the chart. */
function other(at: number): RecordId {
  return `0x${at.toString(16).padStart(64, '0')}`;
}

describe('a report of panels', () => {
  for (const [what, leaf] of [
    ['interpretation', { interpretation: concept('LL') }],
    ['component', { component: [{ code: { text: 'Peak' }, interpretation: concept('HH') }] }],
  ] as const) {
    it(`is critical by the ${what} of a member of a member, which its sign-off shows and covers`, async () => {
      const { lab, care } = stage;
      const { doctor, handle } = care;
      await stage.share(lab);
      const { record } = await stage.order(lab.address);
      const bundle = panelOf(record, leaf);
      await answerOrder(lab, { handle, record, bundle, once: 'ab'.repeat(16) });
      await stage.copied();
      await checkInbox(doctor);
      assert.equal((await ordersKept(doctor))[0]?.critical, true);
      const [order = assert.fail()] = await stage.ordersOf(doctor);
      const [report = assert.fail()] = order.toSignOff;
      assert.deepEqual([report.critical, report.results.length, report.unseen], [true, 3, 0]);
      assert.equal(report.resultsOf.length, 1);
    });
  }

  // @actor a laboratory whose report names a hundred thousand orders, or the same one as often | has the orders of a chart read for ever, or its report told as often
  it('answers an order once, however often it names it, and no more orders than a report has', async () => {
    const { lab, care } = stage;
    const { handle } = care;
    const { grant } = await stage.share(lab);
    const { record } = await stage.order(lab.address);
    const made = reportBundle(lab, handle, record);
    const named = (count: number, of: (at: number) => RecordId): Bundle => {
      const change: Change = (resource) => ({
        ...resource,
        basedOn: Array.from({ length: count }, (_, at) => ({
          identifier: { system: 'urn:medseal:record', value: of(at) },
        })),
      });
      const entry = made.entry?.map((each) => {
        const isReport = each.resource?.resourceType === 'DiagnosticReport';
        const resource = each.resource as unknown as Record<string, unknown>;
        return isReport ? { ...each, resource: change(resource, each.fullUrl ?? '') } : each;
      });
      return { ...made, entry } as unknown as Bundle;
    };
    const terms = { handle, purpose: 'TREAT', grant } as const;
    await addBundle(lab, { ...terms, bundle: named(5000, () => record) });
    const last = (at: number): RecordId => (at === 4999 ? record : other(at));
    await addBundle(lab, { ...terms, bundle: named(5000, last) });
    await stage.copied();
    assert.equal((await stage.onChart())[0]?.reports.length, 1);
  });
});
