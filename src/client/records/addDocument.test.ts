import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { portableSha256 } from '../../crypto/portableSha256.ts';
import { decodePart } from '../../fhir/decodePart.ts';
import { attachedRecords } from '../../fhir/attachedRecords.ts';
import { partToBundle } from '../../fhir/partToBundle.ts';
import {
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { confirmRecordType } from './confirmRecordType.ts';
import { addDocument, type NewDocument } from './addDocument.ts';
import { grantRight } from '../rights/grantRight.ts';
import { readChart } from './readChart.ts';
import { readRecord, streamRecord } from './readRecord.ts';

const PIECES = 3;
let network: TestNetwork;
let care: Care;
before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
after(async () => await network.close());

/** Three megabytes that come in pieces. */
async function* scan(): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < PIECES; index++) yield new Uint8Array(1_000_003).fill(index);
  await Promise.resolve();
}

/** A stream that breaks off. */
async function* torn(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(10);
  await Promise.reject(new Error('the scanner was unplugged'));
}

async function hashOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = portableSha256();
  for await (const piece of content) hash.update(piece);
  return bytesToHex(hash.digest());
}

function document(change: Partial<NewDocument> = {}): NewDocument {
  const { handle, right } = care;
  const described = { contentType: 'application/dicom', title: 'Chest', kind: 'image' } as const;
  return { handle, content: scan, ...described, purpose: 'TREAT', grant: right.grant, ...change };
}

describe('a document of one of the six types', () => {
  it('is sealed under its category and says what it is, and a reader is told whether its author writes such records', async () => {
    const { doctor, patient, handle } = care;
    const content = utf8ToBytes('a paper');
    const paper = { content, contentType: 'application/pdf', title: 'paper' } as const;
    const { kind: _, ...terms } = document(paper);
    const { reference } = await addDocument(doctor, { ...terms, type: 'bill' });
    const { grant: __, ...own } = terms;
    const copy = await addDocument(patient, { ...own, purpose: 'PATRQT', type: 'policy' });
    const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
    const told = async ({ record }: typeof reference): Promise<unknown> => {
      const listed = chart.records.find((each) => each.record === record) ?? assert.fail();
      const { entries } = decodePart((await readRecord(patient, chart, listed)).content);
      const confirmed = await confirmRecordType(patient, entries, listed.author);
      return [listed.category, confirmed];
    };
    assert.deepEqual(await told(reference), [
      'billing',
      { type: 'bill', role: 'doctor', fits: true },
    ]);
    assert.deepEqual(await told(copy.reference), [
      'coverage',
      { type: 'policy', role: 'patient', fits: false },
    ]);
  });

  it('is refused before anything is sealed where the author’s role does not write such records', async () => {
    const { kind: _, ...terms } = document();
    const policy = { ...terms, type: 'policy' } as const;
    await assert.rejects(
      addDocument(care.doctor, policy),
      failsWith('ROLE_UNFIT', { what: 'a record of type policy', role: 'doctor' }),
    );
  });
});

describe('a file that is not FHIR', () => {
  it('is found from its DocumentReference by whoever may read its category, whole', async () => {
    const added = await addDocument(care.doctor, document());
    const { handle, patient, stranger } = care;
    const right = { ...everything(stranger), categories: ['imaging'], actions: ['read'] } as const;
    const { grant } = await grantRight(patient, right);
    const chart = await readChart(stranger, { handle, grant, purpose: 'TREAT' });
    assert.deepEqual(
      chart.records.map(({ category }) => category),
      ['imaging', 'imaging'],
    );
    const reference = chart.records.find(({ record }) => record === added.reference.record);
    assert.ok(reference);
    const { content } = await readRecord(stranger, chart, reference);
    const bundle = partToBundle(decodePart(content));
    const resource = bundle.entry?.[0]?.resource;
    assert.ok(resource?.resourceType === 'DocumentReference');
    assert.deepEqual(
      [resource.content[0]?.attachment.contentType, resource.content[0]?.attachment.size],
      ['application/dicom', PIECES * 1_000_003],
    );
    const [id] = attachedRecords(resource);
    assert.equal(id, added.binary.record);
    const binary = chart.records.find(({ record }) => record === id);
    assert.ok(binary);
    const streamed = await streamRecord(stranger, chart, binary);
    assert.equal(await hashOf(streamed.content), await hashOf(scan()));
  });

  it('is a report where it is not an image, and is not shown to who may read imaging alone', async () => {
    const content = utf8ToBytes('<ecg/>');
    const ecg = {
      content,
      contentType: 'application/xml',
      title: 'Rest ECG',
      kind: 'ecg',
    } as const;
    const added = await addDocument(care.doctor, document(ecg));
    const { handle, patient } = care;
    const own = await readChart(patient, { handle, purpose: 'PATRQT' });
    for (const { record } of [added.binary, added.reference]) {
      assert.equal(own.records.find((each) => each.record === record)?.category, 'reports');
    }
  });

  it('is not put on a chart, nor told of, by who may not add to its category', async () => {
    const { handle, patient } = care;
    const nurse = await network.party('nurse');
    const right = { ...everything(nurse), categories: ['vitals'], actions: ['add'] } as const;
    const { grant } = await grantRight(patient, right);
    const before = await readChart(patient, { handle, purpose: 'PATRQT' });
    await assert.rejects(addDocument(nurse, document({ grant })), failsWith('RIGHT_MISSING'));
    const after = await readChart(patient, { handle, purpose: 'PATRQT' });
    assert.equal(after.records.length, before.records.length);
  });

  it('is not told of where its stream fails', async () => {
    const { handle, patient } = care;
    const before = await readChart(patient, { handle, purpose: 'PATRQT' });
    await assert.rejects(addDocument(care.doctor, document({ content: torn })), /unplugged/);
    const after = await readChart(patient, { handle, purpose: 'PATRQT' });
    assert.equal(after.records.length, before.records.length);
  });
});
