import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { base64 } from '@scure/base';
import { bytesToHex, utf8ToBytes } from '../../../crypto/bytes.ts';
import { sealBytes } from '../../../crypto/sealing/sealBytes.ts';
import { BEGIN, behind, startCare } from '../../../node/test/testNetwork.ts';
import type { SentLetter } from '../../../protocol/AgentPort.ts';
import { sign } from '../../../protocol/struct/signing.ts';
import { signatory } from '../../../protocol/test/sampleNetwork.ts';
import { canonicalJson } from '../../../protocol/wire/canonicalJson.ts';
import type { RecordId } from '../../../protocol/ids.ts';
import { sendLetter } from '../../letters/letters.ts';
import { memoryDevice } from '../../party/memoryDevice.ts';
import type { Party } from '../../party/Party.ts';
import { addRecord } from '../../records/addRecord.ts';
import { checkInbox } from '../inbox/checkInbox.ts';
import { noteOrder, ordersKept } from './keptOrders.ts';
import { OrderStage, startOrderStage } from './test/orderStage.ts';

let stage: OrderStage;

beforeEach(async () => {
  stage = await startOrderStage();
});
afterEach(async () => await stage.network.close());

const UNKNOWN = `0x${'77'.repeat(32)}` as const;

/** A report of a party, as it put one on the chart. */
async function reportOf(by: Party, on = stage): Promise<Awaited<ReturnType<typeof addRecord>>> {
  const { handle } = on.care;
  const { grant } = await on.share(by);
  const terms = { handle, category: 'reports', purpose: 'TREAT', grant } as const;
  return await addRecord(by, { ...terms, content: utf8ToBytes('A report.') });
}

/** Has a reader take letters that a key signed in the name of a party. */
async function takes(
  reader: Party,
  from: Parameters<typeof sign>[1],
  content: object,
): Promise<Awaited<ReturnType<typeof checkInbox>>> {
  const text = canonicalJson({ format: 'medseal-letter/1', ...content });
  const sealed = base64.encode(await sealBytes([reader.recipient], utf8ToBytes(text)));
  const letter = bytesToHex(reader.primitives.sha256(utf8ToBytes(sealed)));
  const salt = bytesToHex(reader.random(16));
  const message = { to: reader.address, letter, until: BEGIN + 86_400, salt };
  const sent: SentLetter = { request: sign(reader, from, 'Letter', message), sealed };
  const given = [[sent], []];
  return await checkInbox(
    behind(reader, { collect: async () => await Promise.resolve(given.shift() ?? []) }),
  );
}

describe('a letter that answers an order', () => {
  // @actor a doctor with a report of their own on a chart | has orders listed that another doctor's device does not know, by letters in the place of a laboratory
  it('is taken from a laboratory alone, whatever report its sender put on the chart', async () => {
    const { care, lab } = stage;
    const { doctor, stranger } = care;
    const { acknowledgement: entry } = await reportOf(stranger);
    for (const order of [UNKNOWN, (await stage.order()).record]) {
      await sendLetter(stranger, doctor.address, { orderAnswer: { order, entry } });
    }
    const { discarded, orderAnswers } = await checkInbox(doctor);
    assert.deepEqual([discarded, orderAnswers], [2, 0]);
    assert.deepEqual(
      (await ordersKept(doctor)).map(({ answered }) => answered),
      [undefined],
    );
    const { acknowledgement: genuine } = await reportOf(lab);
    await sendLetter(lab, doctor.address, { orderAnswer: { order: UNKNOWN, entry: genuine } });
    assert.equal((await checkInbox(doctor)).orderAnswers, 1);
  });

  // @actor a laboratory with a report on another chart | has the letter of a record of this one told as that of an order there
  it('of another chart than the order’s changes nothing that the device knows of the order', async () => {
    const { care, lab, network } = stage;
    const { doctor } = care;
    const { record } = await stage.order(lab.address);
    const other = await startCare(network);
    const before = await ordersKept(doctor);
    const elsewhere = new OrderStage(network, other, lab);
    const { acknowledgement: entry } = await reportOf(lab, elsewhere);
    const told = { order: record, entry, critical: true };
    await sendLetter(lab, doctor.address, { orderAnswer: told });
    assert.equal((await checkInbox(doctor)).discarded, 1);
    assert.deepEqual(await ordersKept(doctor), before);
  });

  // @actor somebody who knows the record of an order | writes a record of this name on a chart of their own and sends it as an order, so that the orderer’s other device refuses the laboratory’s letter
  it('is taken by a device that knows a record of the same name on another chart alone', async () => {
    const { care, lab } = stage;
    const { doctor, stranger, handle } = care;
    const { record } = await stage.order(lab.address);
    const second = { ...doctor, device: memoryDevice() };
    await noteOrder(second, { record, handle: UNKNOWN, orderer: stranger.address, at: BEGIN });
    const { acknowledgement: entry } = await reportOf(lab);
    const told = { order: record, entry, critical: true };
    await sendLetter(lab, doctor.address, { orderAnswer: told });
    assert.equal((await checkInbox(second)).orderAnswers, 1);
    const found = new Map((await ordersKept(second)).map((each) => [each.handle, each.critical]));
    assert.equal(found.get(handle), true);
    assert.equal(found.get(UNKNOWN), undefined);
    assert.equal(found.size, 2);
  });

  it('to whoever did not order changes nothing of the order that the device knows', async () => {
    const { care, lab } = stage;
    const { doctor, stranger } = care;
    const { record } = await stage.order(lab.address);
    const kept = { record, handle: care.handle, orderer: doctor.address, at: BEGIN };
    await noteOrder(stranger, kept);
    const { acknowledgement: entry } = await reportOf(lab);
    await sendLetter(lab, stranger.address, { orderAnswer: { order: record, entry } });
    assert.equal((await checkInbox(stranger)).discarded, 1);
    assert.deepEqual(await ordersKept(stranger), [kept]);
  });

  // @actor a laboratory that writes letters without end | crowds out of a doctor's list what the doctor ordered
  it('of orders that the device does not know takes no more room than its sender has, and none of the doctor’s own orders', async () => {
    const { care, lab } = stage;
    const { doctor } = care;
    const { record } = await stage.order(lab.address);
    const place = { handle: care.handle, orderer: doctor.address, at: BEGIN };
    for (let number = 1; number <= 120; number++) {
      const id: RecordId = `0x${number.toString(16).padStart(64, '0')}`;
      await noteOrder(doctor, { ...place, record: id, toldBy: lab.address });
    }
    const kept = await ordersKept(doctor);
    assert.equal(kept.length, 101);
    assert.ok(kept.some((each) => each.record === record && each.toldBy === undefined));
    const { acknowledgement: entry } = await reportOf(lab);
    await sendLetter(lab, doctor.address, { orderAnswer: { order: UNKNOWN, entry } });
    await checkInbox(doctor);
    const [told = assert.fail()] = (await ordersKept(doctor)).filter(
      (each) => each.record === UNKNOWN,
    );
    assert.equal(told.toldBy, lab.address);
  });
});

describe('the letter of an order', () => {
  // @actor a node, or anybody else who saw the entry of an order | has it listed by a laboratory to which its doctor never sent it
  it('is taken only if its doctor’s present key signed it, not from whoever has the entry of the order', async () => {
    const { care, lab } = stage;
    const { doctor } = care;
    const { acknowledgement: entry } = await stage.order();
    const reader = { ...lab, device: memoryDevice() };
    const foreign = { ...signatory('thief'), address: doctor.address };
    const forged = await takes(reader, foreign, { order: { entry } });
    assert.deepEqual([forged.orders, forged.discarded], [0, 1]);
    assert.deepEqual(await ordersKept(reader), []);
    assert.equal((await takes(reader, doctor, { order: { entry } })).orders, 1);
  });
});
