import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Resource } from '@medplum/fhirtypes';
import { MedsealError } from '../../../errors/MedsealError.ts';
import { encodePart } from '../../../fhir/encodePart.ts';
import { fillForm } from '../../../fhir/forms/fillForm.ts';
import type { FormValues } from '../../../fhir/forms/FormField.ts';
import { overrideIn } from '../../../fhir/makeMedicationRequest.ts';
import type { CdsCard, OrderSign } from '../../../fhir/orders/OrderSign.ts';
import { partOfResource } from '../../../fhir/partOfResource.ts';
import {
  behind,
  BEGIN,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../../node/test/testNetwork.ts';
import { failsWith } from '../../../protocol/test/failsWith.ts';
import { addBundle } from '../../records/addBundle.ts';
import { addRecord } from '../../records/addRecord.ts';
import { readChart } from '../../records/readChart.ts';
import { grantRight } from '../../rights/grantRight.ts';
import { cdsHooksCheck } from './cdsHooksCheck.ts';
import { cancelPrescription } from './changePrescription.ts';
import { issuePrescription, signPrescription } from './issuePrescription.ts';
import type { NewPrescription } from './NewPrescription.ts';
import { contentHash } from './prescriptionRecord.ts';
import { readPrescriptions } from './readPrescriptions.ts';
import { reviewOrder } from './reviewOrder.ts';
import { sampleOrder } from './test/sampleOrder.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ cared: true, further: ['prescriptions'] });
});
after(async () => {
  assert.deepEqual(network.failures, []);
  await network.close();
});
beforeEach(async () => {
  care = await startCare(network);
});

function order(change?: Partial<NewPrescription>): NewPrescription {
  return sampleOrder(care, change);
}

async function add(category: 'allergies' | 'medications', content: Uint8Array): Promise<void> {
  await addRecord(care.patient, { handle: care.handle, purpose: 'PATRQT', category, content });
}

/** Puts an allergy on the chart as the form of allergies makes it. */
async function allergicByForm(values: FormValues): Promise<void> {
  const { handle, patient } = care;
  const bundle = fillForm('allergy', values, { handle, author: patient.address, at: BEGIN });
  await addBundle(patient, { handle, purpose: 'PATRQT', bundle });
}

async function allergic(text: string): Promise<void> {
  const resource: Resource = { resourceType: 'AllergyIntolerance', patient: {}, code: { text } };
  await add('allergies', encodePart(partOfResource(`0x${'a1'.repeat(16)}`, 'allergies', resource)));
}

async function count(): Promise<number> {
  const chart = await readChart(care.patient, { handle: care.handle, purpose: 'PATRQT' });
  return chart.records.length;
}

describe('an order is not signed', () => {
  // @actor a doctor, in a hurry | prescribes penicillin for somebody who is allergic to it
  it('against an allergy of the chart without a reason, and nothing of it is written', async () => {
    await allergic('Penicillin');
    const before = await count();
    const review = await reviewOrder(care.doctor, order());
    assert.deepEqual(review.conflicts, [
      { kind: 'allergy', what: 'Penicillin', by: 'penicillins', indicator: 'critical' },
    ]);
    const conflicts = 'allergy: Penicillin (penicillins)';
    for (const reason of [undefined, '', '  ']) {
      await assert.rejects(
        issuePrescription(care.doctor, review, reason),
        failsWith('ORDER_CONFLICTS', { conflicts }),
      );
    }
    await assert.rejects(
      signPrescription(care.doctor, review, 'x'.repeat(201)),
      failsWith('ARGUMENT_INVALID'),
    );
    assert.equal(await count(), before);
  });

  // @actor a program | signs an order that nobody reviewed, or another than was reviewed
  it('if it was not reviewed, or is another than was reviewed', async () => {
    const review = await reviewOrder(care.doctor, order());
    for (const forged of [
      { ...review },
      { ...review, order: order({ medicine: 'Morphine' }) },
      { order: order(), conflicts: [], unread: [] },
    ]) {
      await assert.rejects(issuePrescription(care.doctor, forged), failsWith('ARGUMENT_INVALID'));
    }
  });

  it('twice as if it were the first, but in the place of the other, or after that ended', async () => {
    const { digest } = await issuePrescription(
      care.doctor,
      await reviewOrder(care.doctor, order()),
    );
    const again = await reviewOrder(care.doctor, order());
    assert.deepEqual(
      again.conflicts.map(({ kind, by }) => [kind, by]),
      [['medicine', 'amoxicillin']],
    );
    const replacing = await reviewOrder(care.doctor, order({ replaces: digest }));
    assert.deepEqual(replacing.conflicts, []);
    await cancelPrescription(care.doctor, digest);
    assert.deepEqual((await reviewOrder(care.doctor, order())).conflicts, []);
  });

  // @actor a right that does not reach, a file, a failing check | passes for a chart without allergies
  it('as if all had been read, where the right does not reach or a file lies', async () => {
    await allergic('Penicillin');
    await add('medications', new TextEncoder().encode('a scanned list'));
    const { grant } = await grantRight(care.patient, {
      grantee: care.doctor.address,
      categories: ['medications'],
      actions: ['read', 'add'],
      purpose: 'TREAT',
      until: BEGIN + 600,
    });
    const { conflicts, unread } = await reviewOrder(care.doctor, order({ grant }));
    assert.deepEqual([conflicts, unread], [[], ['allergies', 'medications']]);
  });
});

describe('an allergy that somebody entered by its form', () => {
  it('is a conflict by its words, in which the substance of the order stands', async () => {
    await allergicByForm({ substance: 'amoxicillin', reaction: 'Rash' });
    const { conflicts, unread } = await reviewOrder(care.doctor, order());
    assert.deepEqual(conflicts, [
      { kind: 'allergy', what: 'amoxicillin', by: 'amoxicillin', indicator: 'critical' },
    ]);
    assert.deepEqual(unread, []);
  });

  it('is a conflict by its code, whatever both are called', async () => {
    await allergicByForm({ substance: 'the pink syrup', code: 'J01CA04', system: 'ATC' });
    const code = { system: 'http://www.whocc.no/atc', code: 'J01CA04' };
    const { conflicts } = await reviewOrder(care.doctor, order({ medicine: 'Brand', code }));
    assert.deepEqual(
      conflicts.map(({ kind, what }) => `${kind}: ${what}`),
      ['allergy: the pink syrup'],
    );
  });

  it('is not a conflict if it was refuted, is over, or says that no allergy is known', async () => {
    await allergicByForm({ substance: 'Penicillin', certainty: 'refuted' });
    await allergicByForm({ substance: 'Amoxicillin', status: 'resolved' });
    await allergicByForm({ known: 'none' });
    await allergicByForm({ known: 'no-drug' });
    const { conflicts, unread } = await reviewOrder(care.doctor, order());
    assert.deepEqual([conflicts, unread], [[], []]);
  });
});

describe('an allergy', () => {
  // @attack a node says falsely that an allergy was erased, so that an order against it is signed | only what the chart's evidence shows counts as erased
  it('counts as unread if a node alone says that it was erased', async () => {
    await add('allergies', new Uint8Array([1]));
    const doctor = behind(care.doctor, {
      download: () => {
        throw new MedsealError('RECORD_ERASED', { category: 'allergies' });
      },
    });
    assert.deepEqual((await reviewOrder(doctor, order())).unread, ['allergies']);
  });
});

describe('a further check, such as a database of interactions,', () => {
  const card: CdsCard = {
    summary: 'Interacts with warfarin',
    indicator: 'critical',
    source: { label: 'Interactions of 2026' },
  };

  it('is a conflict if it fails, says something else, or warns; a remark is not', async () => {
    const asked: OrderSign[] = [];
    const answering = (body: string, status = 200): typeof fetch =>
      (async (_url, init) => {
        asked.push(JSON.parse(init?.body as string) as OrderSign);
        return await Promise.resolve(new Response(body, { status }));
      }) satisfies typeof fetch;
    const review = async (body: string, status?: number) =>
      await reviewOrder(care.doctor, order(), {
        checks: [cdsHooksCheck('https://checks.example/x', { fetch: answering(body, status) })],
      });
    for (const [body, status] of [
      ['{}', 500],
      ['{}', 200],
      ['{"cards":[{"summary":"?"}]}', 200],
      ['no json', 200],
    ] as const) {
      const { conflicts } = await review(body, status);
      assert.deepEqual(
        conflicts.map(({ kind, indicator }) => [kind, indicator]),
        [['notice', 'warning']],
      );
    }
    const warned = await review(JSON.stringify({ cards: [card] }));
    assert.deepEqual(warned.conflicts, [
      { kind: 'notice', what: card.summary, by: card.source.label, indicator: 'critical' },
    ]);
    await assert.rejects(issuePrescription(care.doctor, warned), failsWith('ORDER_CONFLICTS'));
    const remark = await review(JSON.stringify({ cards: [{ ...card, indicator: 'info' }] }));
    await issuePrescription(care.doctor, remark);
  });

  it('is given the order, allergies and medicines, and neither who it is for nor who orders', async () => {
    await allergic('Peanut');
    let given = '';
    const check = async (sign: OrderSign): Promise<readonly CdsCard[]> => {
      given = JSON.stringify(sign);
      return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'x' }));
    };
    await reviewOrder(care.doctor, order(), { checks: [check] });
    assert.match(given, /"hook":"order-sign".*Amoxicillin.*Peanut/);
    for (const secret of [care.handle, care.doctor.address, care.patient.address]) {
      assert.ok(!given.includes(secret.slice(2)));
    }
  });
});

it('the reason for an override is in the MedicationRequest that the prescription names by its hash', async () => {
  await allergic('Penicillin');
  const review = await reviewOrder(care.doctor, order());
  const { digest } = await issuePrescription(care.doctor, review, 'Tolerated in 2024');
  const chart = await readChart(care.patient, { handle: care.handle, purpose: 'PATRQT' });
  const [listed] = (await readPrescriptions(care.patient, chart)).prescriptions;
  assert.equal(listed?.digest, digest);
  assert.equal(overrideIn(listed.request), 'Tolerated in 2024');
  assert.equal(listed.message.terms.content, contentHash(care.patient.primitives, listed.request));
  assert.ok(!JSON.stringify(listed.request).includes('Penicillin'), 'it names no allergy');
});
