import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { utf8ToBytes } from '../../../crypto/bytes.ts';
import { encodePart } from '../../../fhir/encodePart.ts';
import { fillForm } from '../../../fhir/forms/fillForm.ts';
import { readReport } from '../../../fhir/forms/reportForm.ts';
import { makeSignOff, type RecordSeen } from '../../../fhir/orders/signOff.ts';
import { partOfResource } from '../../../fhir/partOfResource.ts';
import { stateOfOrder, taskOfOrder } from '../../../fhir/orders/taskOfOrder.ts';
import { failsWith } from '../../../protocol/test/failsWith.ts';
import { BEGIN, type Care, type TestNetwork } from '../../../node/test/testNetwork.ts';
import { ZERO32 } from '../../../protocol/ids.ts';
import { revokeRight } from '../../rights/revokeRight.ts';
import { handOver } from '../../letters/accessRequests.ts';
import { sendLetter } from '../../letters/letters.ts';
import { changeKey } from '../../party/changeKey.ts';
import { memoryDevice } from '../../party/memoryDevice.ts';
import type { Party } from '../../party/Party.ts';
import { addBundle } from '../../records/addBundle.ts';
import { addRecord } from '../../records/addRecord.ts';
import { nameOfContent } from '../../records/addedOnce.ts';
import { readChart } from '../../records/readChart.ts';
import { checkInbox } from '../inbox/checkInbox.ts';
import { answerOrder } from './answerOrder.ts';
import { ordersKept } from './keptOrders.ts';
import { openOrder } from './openOrder.ts';
import { signOffOrder } from './signOffOrder.ts';
import { tellUnreadable } from './tellOrder.ts';
import { NORMAL, startOrderStage, TAKEN, withoutFile, type OrderStage } from './test/orderStage.ts';

let stage: OrderStage;
let network: TestNetwork;
let care: Care;
let lab: Party;

beforeEach(async () => {
  stage = await startOrderStage();
  ({ network, care, lab } = stage);
});
afterEach(async () => await network.close());

type Stage = OrderStage;
const share: Stage['share'] = async (to) => await stage.share(to);
const shareToAmend: Stage['shareToAmend'] = async () => await stage.shareToAmend();
const amend: Stage['amend'] = async (...given) => await stage.amend(...given);
const copied: Stage['copied'] = async () => await stage.copied();
const order: Stage['order'] = async (...given) => await stage.order(...given);
const answer: Stage['answer'] = async (...given) => await stage.answer(...given);
const todo: Stage['todo'] = async (...given) => await stage.todo(...given);
const ordersOf: Stage['ordersOf'] = async (...given) => await stage.ordersOf(...given);
const onChart: Stage['onChart'] = async () => await stage.onChart();

/** Names of so many records. */
function many(most: number): readonly RecordSeen[] {
  return Array.from({ length: most }, (_, at) => {
    return { record: `0x${at.toString(16).padStart(64, '0')}`, version: 1 };
  });
}

describe('an order', () => {
  it('goes to the laboratory by a letter, is answered, and is over once its results are signed off', async () => {
    const { doctor, handle } = care;
    await share(lab);
    const { record } = await order(lab.address);
    assert.equal((await checkInbox(lab)).orders, 1);
    const [asked = assert.fail()] = await ordersOf(lab);
    assert.deepEqual(
      [asked.record, asked.orderer, asked.laboratory, stateOfOrder(asked)],
      [record, doctor.address, lab.address, 'requested'],
    );
    const task = taskOfOrder(asked);
    assert.deepEqual([task.status, task.code?.text], ['requested', 'HbA1c']);

    const preliminary = { ...NORMAL, report: { ...NORMAL.report, status: 'preliminary' } };
    await answer(lab, record, preliminary);
    const [begun = assert.fail()] = await ordersOf(lab);
    assert.equal(stateOfOrder(begun), 'in-progress');
    const { untold } = await answer(lab, record);
    assert.equal(untold, undefined);
    assert.deepEqual(await ordersOf(lab), []);

    assert.equal((await checkInbox(doctor)).orderAnswers, 2);
    const [answered = assert.fail()] = await ordersOf(doctor);
    assert.equal(stateOfOrder(answered), 'completed');
    const [report = assert.fail(), ...others] = answered.toSignOff;
    assert.deepEqual(
      [others, report.author, report.unseen, report.critical],
      [[], lab.address, 0, false],
    );
    assert.equal(report.results.length, 1);

    await signOffOrder(doctor, { handle, record, seen: answered.toSignOff });
    assert.deepEqual(await ordersOf(doctor), []);
    const [over = assert.fail()] = await onChart();
    assert.deepEqual(
      over.reports.map(({ signedOff }) => signedOff),
      [false, true],
    );
    assert.equal((await ordersKept(doctor))[0]?.done, true);
  });

  it('is signed off again after its report was corrected', async () => {
    const { doctor, handle } = care;
    const right = await shareToAmend();
    const { record } = await order(lab.address);
    const { records } = await answer(lab, record);
    const { order: first } = await openOrder(doctor, { handle, record });
    await signOffOrder(doctor, { handle, record, seen: first.toSignOff });
    const report = records.find(({ category }) => category === 'reports') ?? assert.fail();
    await amend(right, report);
    const [again = assert.fail()] = await ordersOf(doctor, true);
    assert.deepEqual(
      again.toSignOff.map(({ version }) => version),
      [2],
    );
    await signOffOrder(doctor, { handle, record, seen: again.toSignOff });
    assert.deepEqual(await ordersOf(doctor, true), []);
  });

  // @actor a laboratory that writes each of hundreds of results as a record of its own | has a sign-off count for nothing, since it is too large to be read
  it('is signed off however many results it has, and a sign-off that nobody would read is refused', async () => {
    const { doctor, handle, right } = care;
    const { grant } = right;
    const shared = await shareToAmend();
    const { record } = await order(lab.address);
    const { records } = await answer(lab, record);
    const { order: first } = await openOrder(doctor, { handle, record });
    const [shown = assert.fail()] = first.toSignOff;
    const made = makeSignOff(
      { party: doctor.address, at: BEGIN, purpose: 'TREAT' },
      { order: record, seen: [shown, ...shown.resultsOf, ...many(500)], unread: many(100) },
    );
    const part = partOfResource(`0x${'12'.repeat(16)}`, 'procedures', made);
    const terms = { handle, category: 'procedures', purpose: 'TREAT', grant } as const;
    await addRecord(doctor, { ...terms, content: encodePart(part) });
    await copied();
    assert.deepEqual(await ordersOf(doctor, true), []);
    await amend(shared, records.find(({ category }) => category === 'reports') ?? assert.fail());
    const seen = [{ ...shown, resultsOf: many(2000) }];
    await assert.rejects(
      signOffOrder(doctor, { handle, record, seen }),
      failsWith('ARGUMENT_INVALID'),
    );
  });

  for (const change of ['corrected', 'withdrawn'] as const) {
    it(`is signed off again after a result of its report was ${change}, and not the report`, async () => {
      const { doctor, handle } = care;
      const right = await shareToAmend();
      const { record } = await order(lab.address);
      const { records } = await answer(lab, record);
      const { order: first } = await openOrder(doctor, { handle, record });
      const [shown = assert.fail()] = first.toSignOff;
      const result = records.find(({ category }) => category === 'laboratory') ?? assert.fail();
      assert.deepEqual(shown.resultsOf, [{ record: result.record, version: 1 }]);
      await signOffOrder(doctor, { handle, record, seen: first.toSignOff });
      assert.deepEqual(await ordersOf(doctor, true), []);
      await amend(right, result, change === 'withdrawn');
      const [again = assert.fail()] = await ordersOf(doctor, true);
      assert.deepEqual(
        again.toSignOff.map((each) => [each.version, each.resultsOf.map(({ version }) => version)]),
        [[1, change === 'withdrawn' ? [] : [2]]],
      );
      // The versions that were shown before say nothing of those that stand there now.
      await signOffOrder(doctor, { handle, record, seen: [shown] }).catch(() => undefined);
      assert.equal((await ordersOf(doctor, true)).length, 1);
      await signOffOrder(doctor, { handle, record, seen: again.toSignOff });
      assert.deepEqual(await ordersOf(doctor, true), []);
    });
  }

  it('that is done comes back to the list of whoever ordered after a result was corrected, though the client of the laboratory sent no letter', async () => {
    const { doctor, handle } = care;
    const right = await shareToAmend();
    const { record } = await order(lab.address);
    const { records } = await answer(lab, record);
    const { order: first } = await openOrder(doctor, { handle, record });
    await signOffOrder(doctor, { handle, record, seen: first.toSignOff });
    assert.equal((await ordersKept(doctor))[0]?.done, true);
    assert.deepEqual(await ordersOf(doctor), []);
    await amend(right, records.find(({ category }) => category === 'laboratory') ?? assert.fail());
    assert.equal((await ordersOf(doctor))[0]?.toSignOff.length, 1);
    assert.equal((await ordersKept(doctor))[0]?.done, undefined);
  });

  it('stays open after only its preliminary report was signed off', async () => {
    const { doctor, handle } = care;
    await share(lab);
    const { record } = await order(lab.address);
    await answer(lab, record, { ...NORMAL, report: { ...NORMAL.report, status: 'preliminary' } });
    const { order: first } = await openOrder(doctor, { handle, record });
    await signOffOrder(doctor, { handle, record, seen: first.toSignOff });
    assert.equal((await ordersOf(doctor)).length, 1);
  });

  it('of which a result cannot be read now is not over, and is neither signed off nor answered again', async () => {
    const { doctor, handle } = care;
    await share(lab);
    const { record } = await order(lab.address);
    const { records } = await answer(lab, record);
    const { order: first } = await openOrder(doctor, { handle, record });
    const { grant } = await share(lab);
    const chart = await readChart(lab, { handle, purpose: 'TREAT', grant });
    const without = (party: Party, category: string): Party => {
      const { record: lost } = records.find((each) => each.category === category) ?? assert.fail();
      const { file } = chart.records.find((each) => each.record === lost) ?? assert.fail();
      return withoutFile(party, file);
    };
    const blind = without(doctor, 'laboratory');
    const { unread } = await openOrder(blind, { handle, record });
    assert.deepEqual(
      unread.map(({ category }) => category),
      ['laboratory'],
    );
    const [row = assert.fail()] = await todo(blind);
    assert.deepEqual([row.orders.length, row.unread.length], [1, 1]);
    const seen = first.toSignOff;
    await assert.rejects(signOffOrder(blind, { handle, record, seen }), failsWith('ORDER_CLOSED'));
    const other = { ...NORMAL, report: { ...NORMAL.report, conclusion: 'Worse.' } };
    await assert.rejects(answer(without(lab, 'reports'), record, other), failsWith('ORDER_CLOSED'));
    await signOffOrder(doctor, { handle, record, seen });
    assert.deepEqual(await ordersOf(doctor), []);
  });

  it('is found on the chart alone, by laboratory and doctor, if no letter came, and on another device', async () => {
    await share(lab);
    const { record } = await order(lab.address);
    const fresh = { ...lab, device: memoryDevice() };
    await handOver(care.patient, care.right);
    assert.deepEqual(await ordersOf(lab), []);
    const found = await ordersOf(lab, true);
    assert.deepEqual(
      found.map((each) => each.record),
      [record],
    );
    assert.deepEqual(await ordersOf(fresh), []);
    await answer(lab, record);
    const [seen = assert.fail()] = await ordersOf(care.doctor, true);
    assert.equal(seen.toSignOff.length, 1);
  });

  it('without a named laboratory is answered by any laboratory that the patient lets do so, and by nobody else', async () => {
    await share(lab);
    await share(care.stranger);
    const { record } = await order();
    await assert.rejects(answer(care.stranger, record), failsWith('ROLE_UNFIT'));
    assert.deepEqual(await ordersOf(care.stranger, true), []);
    assert.equal((await ordersOf(lab, true)).length, 1);
    await answer(lab, record);
    assert.equal((await ordersOf(care.doctor)).at(0)?.toSignOff.length, 1);
  });

  it('answered twice by the same act is one report, and a second final report is refused', async () => {
    await share(lab);
    const { record } = await order(lab.address);
    const [one, again] = [await answer(lab, record), await answer(lab, record)];
    assert.deepEqual(
      again.records.map((each) => each.record),
      one.records.map((each) => each.record),
    );
    const other = { ...NORMAL, report: { ...NORMAL.report, conclusion: 'Worse.' } };
    await assert.rejects(answer(lab, record, other), failsWith('ORDER_CLOSED'));
    assert.equal((await onChart())[0]?.reports.length, 1);
  });

  it('takes no report that whoever ordered would not find: one labelled as sensitive, or a very large one', async () => {
    const { handle } = care;
    await share(lab);
    const { record } = await order(lab.address);
    const about = { handle, author: lab.address, at: BEGIN, order: { record, request: {} } };
    const { bundle = assert.fail() } = readReport(NORMAL, about);
    const once = await nameOfContent(lab, handle, [utf8ToBytes('refused')], 'report');
    const security = [
      { system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' },
    ];
    for (const more of [{ meta: { security } }, { conclusion: 'x'.repeat(2 ** 21) }]) {
      const entry = bundle.entry?.map((each) => {
        const isReport = each.resource?.resourceType === 'DiagnosticReport';
        return isReport ? { ...each, resource: { ...each.resource, ...more } } : each;
      });
      const changed = { ...bundle, entry } as typeof bundle;
      await assert.rejects(
        answerOrder(lab, { handle, record, bundle: changed, once }),
        failsWith('ARGUMENT_INVALID'),
      );
    }
    assert.deepEqual((await onChart())[0]?.reports, []);
  });

  it('that was withdrawn after its letter leaves the list, and takes no answer', async () => {
    const { doctor, handle, right } = care;
    await share(lab);
    const placed = await order(lab.address);
    await checkInbox(lab);
    assert.equal((await ordersOf(lab)).length, 1);
    const amends = { ...placed, begunBy: doctor.address, about: ZERO32 } as const;
    const terms = { handle, category: 'procedures', purpose: 'TREAT' } as const;
    const { grant } = right;
    await addRecord(doctor, { ...terms, grant, content: new Uint8Array(), amends });
    await copied();
    await assert.rejects(answer(lab, placed.record), failsWith('ORDER_CLOSED'));
    assert.deepEqual(await ordersOf(lab), []);
    assert.deepEqual(await ordersOf(doctor), []);
  });

  it('has a critical result stand out before the chart is read', async () => {
    await share(lab);
    const { record } = await order(lab.address);
    const results = [{ test: 'Potassium', value: '7.1', unit: 'mmol/L', interpretation: 'HH' }];
    await answer(lab, record, { ...NORMAL, results });
    await checkInbox(care.doctor);
    assert.equal((await ordersKept(care.doctor))[0]?.critical, true);
    assert.equal((await ordersOf(care.doctor))[0]?.toSignOff[0]?.critical, true);
  });
});

describe('an order, against others', () => {
  // @actor a laboratory without a right to a chart, which got the letter of an order | reads the order, or answers it
  it('shows a laboratory without a right nothing but that there is one, and the doctor is told so', async () => {
    const { record } = await order(lab.address);
    await checkInbox(lab);
    const [row = assert.fail()] = await todo(lab);
    assert.deepEqual([row.error?.code, row.orders], ['RIGHT_MISSING', []]);
    await assert.rejects(answer(lab, record), failsWith('RIGHT_MISSING'));
    await tellUnreadable(lab, row.kept[0] ?? assert.fail());
    await checkInbox(care.doctor);
    assert.equal((await ordersKept(care.doctor))[0]?.unreadable, true);
    await share(lab);
    await answer(lab, record);
    await checkInbox(care.doctor);
    assert.equal((await ordersKept(care.doctor))[0]?.unreadable, undefined);
  });

  // @actor a laboratory with a right to a chart | answers an order that names another one, past its own client too
  it('takes no report of another laboratory than the one it names', async () => {
    const other = await network.party('lab');
    for (const each of [lab, other]) await share(each);
    const { record } = await order(lab.address);
    await assert.rejects(answer(other, record), failsWith('ORDER_CLOSED'));
    const { handle } = care;
    const context = { handle, author: other.address, at: BEGIN, order: { record, request: {} } };
    const { bundle = assert.fail() } = readReport(NORMAL, context);
    const right = await share(other);
    await addBundle(other, { handle, bundle, purpose: 'TREAT', grant: right.grant });
    const [seen = assert.fail()] = await onChart();
    assert.deepEqual([stateOfOrder(seen), seen.reports], ['requested', []]);
  });

  // @actor a reader of a chart who may add to it | signs off the results of another's order
  it('is signed off by whoever ordered alone', async () => {
    const { handle, patient } = care;
    await share(lab);
    const { record } = await order(lab.address);
    await answer(lab, record);
    const { order: read } = await openOrder(lab, { handle, record });
    const seen = read.toSignOff;
    await assert.rejects(signOffOrder(lab, { handle, record, seen }), failsWith('ORDER_CLOSED'));
    const made = makeSignOff(
      { party: care.doctor.address, at: BEGIN, purpose: 'TREAT' },
      { order: record, seen },
    );
    const part = partOfResource(`0x${'12'.repeat(16)}`, 'procedures', made);
    await addRecord(patient, {
      handle,
      category: 'procedures',
      purpose: 'PATRQT',
      content: encodePart(part),
    });
    assert.equal((await onChart())[0]?.toSignOff.length, 1);
  });

  // @actor any party that can write letters | has an order or an answer listed that no log has, or that another wrote
  it('of a forged letter is not listed', async () => {
    const { doctor, stranger } = care;
    await share(lab);
    const { record, acknowledgement } = await order();
    await sendLetter(stranger, lab.address, { order: { entry: acknowledgement } });
    const altered = {
      ...acknowledgement,
      body: acknowledgement.body.replace(doctor.address, stranger.address),
    };
    await sendLetter(stranger, lab.address, { order: { entry: altered } });
    await sendLetter(stranger, doctor.address, {
      orderAnswer: { order: record, entry: acknowledgement },
    });
    assert.deepEqual(
      [(await checkInbox(lab)).discarded, (await checkInbox(doctor)).discarded],
      [2, 1],
    );
    assert.deepEqual(await ordersKept(lab), []);
    assert.equal((await ordersKept(doctor))[0]?.answered, undefined);
  });

  it('that is something else on its chart is forgotten', async () => {
    const { doctor, handle, right } = care;
    await share(lab);
    const content = utf8ToBytes('Appendectomy.');
    const terms = { handle, category: 'procedures', purpose: 'TREAT', content } as const;
    const { acknowledgement } = await addRecord(doctor, { ...terms, grant: right.grant });
    await sendLetter(doctor, lab.address, { order: { entry: acknowledgement } });
    await copied();
    assert.equal((await checkInbox(lab)).orders, 1);
    assert.deepEqual(await ordersOf(lab), []);
    assert.deepEqual(await ordersKept(lab), []);
  });

  // @actor an orderer whose client writes what it likes | has the whole list of a chart fail by the name of a laboratory that is not an address
  it('whose laboratory is not a party is passed over, and the others of the chart are listed', async () => {
    const { doctor, handle, right } = care;
    await share(lab);
    const { record } = await order(lab.address);
    const values = { service: 'HbA1c', ordered: TAKEN, laboratory: lab.address };
    const made = fillForm('order', values, { handle, author: doctor.address, at: BEGIN });
    const text = JSON.stringify(made).replace(lab.address, 'the best one');
    const bundle = JSON.parse(text) as typeof made;
    await addBundle(doctor, { handle, bundle, purpose: 'TREAT', grant: right.grant });
    await copied();
    const [row = assert.fail()] = await todo(doctor, true);
    assert.deepEqual([row.error, row.orders.map((each) => each.record)], [undefined, [record]]);
  });

  it('stays listed with the reason when the laboratory’s right ended', async () => {
    const right = await share(lab);
    const { record } = await order(lab.address);
    await checkInbox(lab);
    await revokeRight(care.patient, right.digest);
    const [row = assert.fail()] = await todo(lab);
    assert.deepEqual([row.error?.code, row.kept.length], ['RIGHT_ENDED', 1]);
    await assert.rejects(answer(lab, record), failsWith('RIGHT_ENDED'));
  });

  it('is answered by a laboratory that changed its key, and its letter under the former one says nothing', async () => {
    await share(lab);
    const { record } = await order(lab.address);
    await checkInbox(lab);
    const { party: changed } = await changeKey(lab, network.ports.random(32));
    await answer(changed, record);
    await sendLetter(lab, care.doctor.address, { orderAnswer: { order: record } }).catch(
      () => undefined,
    );
    await checkInbox(care.doctor);
    const [kept = assert.fail()] = await ordersKept(care.doctor);
    assert.deepEqual([kept.answered, kept.unreadable], [true, undefined]);
    assert.equal((await ordersOf(care.doctor))[0]?.toSignOff.length, 1);
  });
});
