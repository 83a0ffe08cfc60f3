import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { hexToBytes, utf8ToBytes } from '../../../crypto/bytes.ts';
import { isMedsealError } from '../../../errors/isMedsealError.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import { loadFhirDefinitions } from '../../../node/loadFhirDefinitions.ts';
import { createValidator } from '../../../fhir/createValidator.ts';
import { provenanceOfDispense } from '../../../fhir/provenanceOfDispense.ts';
import {
  BEGIN,
  behind,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../../node/test/testNetwork.ts';
import { MOST_IN_QR } from '../../../protocol/wire/qrCapacity.ts';
import { digestOf, sign } from '../../../protocol/struct/signing.ts';
import { failsWith } from '../../../protocol/test/failsWith.ts';
import { grantRight } from '../../rights/grantRight.ts';
import { handOver } from '../../letters/accessRequests.ts';
import { checkInbox } from '../inbox/checkInbox.ts';
import { changeKey } from '../../party/changeKey.ts';
import type { Party } from '../../party/Party.ts';
import { addRecord } from '../../records/addRecord.ts';
import { newestOfEach } from '../../records/newestOfEach.ts';
import { readChart } from '../../records/readChart.ts';
import { addDispenses } from './addDispenses.ts';
import { findStrayPrescriptions } from './findStrayPrescriptions.ts';
import { readPatientState } from '../../state/PatientState.ts';
import { confirmVital } from '../vital/confirmVital.ts';
import { objectToVital } from '../vital/objectToVital.ts';
import { reportDeath } from '../vital/reportDeath.ts';
import { cancelPrescription, holdPrescription } from './changePrescription.ts';
import { confirmPrescription } from './confirmPrescription.ts';
import { dispense } from './dispense.ts';
import { signBeside } from './issuePrescription.ts';
import { placePrescription } from './placePrescription.ts';
import type { NewPrescription } from './NewPrescription.ts';
import {
  passPrescription,
  readPrescriptions,
  type PrescriptionListed,
} from './readPrescriptions.ts';
import { readSlip } from './readSlip.ts';
import { submitCare } from './submitCare.ts';
import { formatSlip, parseSlip, type Slip } from './Slip.ts';
import { prescribe, signOrder } from './test/prescribe.ts';

let network: TestNetwork;
let care: Care;
let pharmacist: Party;
let other: Party;

before(async () => {
  network = await startTestNetwork({ cared: true, further: ['prescriptions', 'vitalRecords'] });
  care = await startCare(network);
  pharmacist = await network.party('pharmacist', { organisation: 'laboratory' });
  other = await network.party('pharmacist', { organisation: 'insurer' });
});
after(async () => {
  assert.deepEqual(network.failures, []);
  await network.close();
});

let orders = 0;
function order(change: Partial<NewPrescription> = {}): NewPrescription {
  orders += 1;
  return {
    handle: care.handle,
    grant: care.right.grant,
    purpose: 'TREAT',
    medicine: `Amoxicillin 500 mg capsules ${orders}`,
    unit: 'capsule',
    dosage: 'One capsule three times a day',
    amount: 30,
    fills: 2,
    interval: 0,
    from: BEGIN,
    until: BEGIN + 86_400,
    ...change,
  };
}

async function listed(digest: string): Promise<PrescriptionListed> {
  const chart = await readChart(care.patient, { handle: care.handle, purpose: 'PATRQT' });
  const { prescriptions: all } = await readPrescriptions(care.patient, chart);
  return all.find((each) => each.digest === digest) ?? assert.fail('not listed');
}

async function issued(change: Partial<NewPrescription> = {}): Promise<Slip> {
  const { digest } = await prescribe(care.doctor, order(change));
  const { slip } = await listed(digest);
  return slip ?? assert.fail('no slip');
}

const refused = (reason: string): ((error: unknown) => boolean) =>
  failsWith('RULE_REFUSED', { reason });

const send = async (): Promise<never> => await Promise.reject(new Error('cut off'));

describe('a prescription that the chart does not show', () => {
  // @actor a doctor | prescribes 60 on a record that orders 30, unseen by the patient
  it('is found by the patient by its record, whatever the record holds', async () => {
    const { message, submission } = await signOrder(care.doctor, order());
    const more = { ...message, amount: 60 };
    const request = sign(care.doctor, care.doctor, 'Prescription', more);
    const [outcome] = await network.agent().submit([{ ...submission, request }]);
    assert.equal(outcome?.outcome, 'placed');
    const chart = await readChart(care.patient, { handle: care.handle, purpose: 'PATRQT' });
    const all = await readPrescriptions(care.patient, chart);
    const found = await findStrayPrescriptions(care.patient, chart, all);
    const digest = digestOf(care.doctor, 'Prescription', more);
    const { record } = message.terms;
    assert.partialDeepStrictEqual(found, [
      { digest, record, facts: { amount: 60, prescriber: care.doctor.address } },
    ]);
    assert.equal(found.length, 1);
  });

  // @attack a node keeps back the file of a prescription, so that the list lacks it or says that its prescriber put another order there | it is counted as unread, and nothing is said of it
  it('is not said of one whose record could not be read, which is counted instead', async () => {
    const { digest } = await readSlip(care.patient, await issued());
    const chart = await readChart(care.patient, { handle: care.handle, purpose: 'PATRQT' });
    const whole = await readPrescriptions(care.patient, chart);
    assert.deepEqual(whole.unread, []);
    const shown = whole.prescriptions.find((each) => each.digest === digest) ?? assert.fail();
    const { record } = shown.message.terms;
    const { file } = chart.records.find((each) => each.record === record) ?? assert.fail();
    const { agent } = care.patient;
    const party = behind(care.patient, {
      download: (ticket, wanted, range) => {
        if (wanted === file) throw new MedsealError('PEER_UNREACHABLE', { peer: 'hospital' });
        return agent.download(ticket, wanted, range);
      },
    });
    const read = await readPrescriptions(party, chart);
    assert.ok(!read.prescriptions.some((each) => each.digest === digest));
    assert.deepEqual(
      read.unread.map((each) => each.record),
      [record],
    );
    const strays = await findStrayPrescriptions(party, chart, read);
    assert.ok(!strays.some((each) => each.digest === digest));
  });

  it('is not said of one that it shows', async () => {
    const { digest } = await readSlip(care.patient, await issued());
    const chart = await readChart(care.patient, { handle: care.handle, purpose: 'PATRQT' });
    const all = await readPrescriptions(care.patient, chart);
    const strays = await findStrayPrescriptions(care.patient, chart, all);
    assert.ok(!strays.some((each) => each.digest === digest));
    const others = all.prescriptions.filter((each) => each.digest !== digest);
    const found = await findStrayPrescriptions(care.patient, chart, {
      prescriptions: others,
      unread: [],
    });
    assert.ok(found.some((each) => each.digest === digest));
  });
});

describe('a prescription, from the doctor to the pharmacy and back', () => {
  it('is dispensed in parts up to its quantity, never more, and returns to the chart', async () => {
    const slip = await issued();
    const text = formatSlip(slip);
    assert.ok(text.length <= MOST_IN_QR, `${text.length} characters`);
    const first = await dispense(pharmacist, parseSlip(text), { amount: 20, note: 'lot 1' });
    assert.deepEqual([first.facts.dispensed, first.returned, first.already], [20, 'letter', false]);
    const second = await dispense(other, slip, { amount: 40 });
    assert.equal(second.facts.dispensed, 60);
    await assert.rejects(dispense(pharmacist, slip, { amount: 1 }), refused('AmountExceeded'));
    const inbox = await checkInbox(care.patient);
    assert.equal(inbox.dispenses, 2);
    const { digest } = await readSlip(care.patient, slip);
    const added = await addDispenses(care.patient, [await listed(digest)]);
    assert.deepEqual(
      added.map(({ quantity }) => quantity?.value),
      [20, 40],
    );
  });

  it('is valid FHIR R4, as is what was dispensed of it', async () => {
    const slip = await issued({
      interval: 28,
      code: { system: 'http://www.whocc.no/atc', code: 'J01CA04' },
    });
    const { resource } = await dispense(pharmacist, slip, { amount: 3 });
    const validator = createValidator(loadFhirDefinitions());
    const provenance = provenanceOfDispense(resource, {
      pharmacist: pharmacist.address,
      at: BEGIN,
      signed: 'e30=',
    });
    const entry = [{ resource: slip.request }, { resource }, { resource: provenance }];
    validator.validateBundle({ resourceType: 'Bundle', type: 'collection', entry });
  });

  it('tells the prescriber how much was dispensed, and not where', async () => {
    const slip = await issued();
    const { digest } = await readSlip(pharmacist, slip);
    await dispense(pharmacist, slip, { amount: 7 });
    const facts = await confirmPrescription(care.doctor, digest);
    assert.equal(facts.dispensed, 7);
    assert.ok(!JSON.stringify(facts).includes(pharmacist.address.slice(2)));
    const to = network.file.contracts.prescriptions ?? assert.fail();
    const logs = await network.ledger.request({
      method: 'eth_getLogs',
      params: [{ address: to, fromBlock: '0x0' }],
    });
    assert.ok(!JSON.stringify(logs).includes(pharmacist.address.slice(2)));
  });

  it('returns to the chart at once, if the patient gave a right to add with it', async () => {
    const slip = await issued();
    const given = await grantRight(care.patient, {
      grantee: pharmacist.address,
      categories: ['medications', 'allergies'],
      actions: ['read', 'add'],
      purpose: 'TREAT',
      until: BEGIN + 600,
    });
    await handOver(care.patient, given);
    await checkInbox(pharmacist);
    const { returned } = await dispense(pharmacist, slip, { amount: 1 });
    assert.equal(returned, 'chart');
  });

  // @actor reader of medications | to dispense by what the chart says
  it('shows a reader of medications no secret to dispense with', async () => {
    const { digest } = await prescribe(care.doctor, order());
    const chart = await readChart(care.doctor, {
      handle: care.handle,
      grant: care.right.grant,
      purpose: 'TREAT',
    });
    const found = (await readPrescriptions(care.doctor, chart)).prescriptions.find(
      (each) => each.digest === digest,
    );
    assert.equal(found?.facts?.state, 'active');
    assert.equal(found.slip, undefined);
  });

  // @actor a nurse or a doctor who may amend | amends the record of a standing prescription, so that the patient has neither it nor its slip
  it('stays the patient’s to show, whoever amends its record', async () => {
    const { digest, record } = await prescribe(care.doctor, order());
    const before = await listed(digest);
    for (const role of ['nurse', 'doctor'] as const) {
      const by = await network.party(role);
      const { grant } = await grantRight(care.patient, {
        grantee: by.address,
        categories: ['medications'],
        actions: ['read', 'add', 'amend'],
        purpose: 'TREAT',
        until: BEGIN + 86_400,
      });
      const place = { handle: care.handle, grant, purpose: 'TREAT' } as const;
      const [amends] = newestOfEach((await readChart(by, place)).records).filter(
        (each) => each.record === record,
      );
      const content = utf8ToBytes('x');
      await addRecord(by, {
        ...place,
        category: 'medications',
        content,
        ...(amends && { amends }),
      });
      assert.deepEqual(await listed(digest), before, role);
      const chart = await readChart(care.patient, { handle: care.handle, purpose: 'PATRQT' });
      const all = await readPrescriptions(care.patient, chart);
      const found = await findStrayPrescriptions(care.patient, chart, all);
      assert.ok(!found.some((each) => each.digest === digest));
    }
    const slip = before.slip ?? assert.fail('no slip');
    await dispense(pharmacist, slip, { amount: 30 });
  });

  it('is the same again after the answer was lost', async () => {
    const wanted = order();
    const signed = await signOrder(care.doctor, wanted);
    await placePrescription(care.doctor, signed);
    const again = await prescribe(care.doctor, wanted);
    assert.deepEqual([again.digest, again.already], [signed.digest, true]);
    const later = await prescribe(care.doctor, wanted);
    assert.notEqual(later.digest, signed.digest);
  });

  it('is not dispensed twice by a pharmacist whose device lost the answer', async () => {
    const slip = await issued();
    await assert.rejects(dispense(behind(other, { send }), slip, { amount: 5 }));
    const again = await dispense(other, slip, { amount: 5 });
    assert.deepEqual([again.already, again.facts.dispensed], [true, 5]);
  });
});

describe('the keys of a prescription', () => {
  // @class what derives from a patient's key | is found from the present key alone, so that a change of key loses it
  // @actor a patient who passed a prescription on and then changes the key | has lost the prescription, its slip and the right to pass it on
  it('stay with the patient through each change of key, whenever it was passed on', async (t) => {
    const former = care;
    t.after(() => (care = former));
    const patient = await network.party('patient');
    const { handle } = await readPatientState(patient);
    const right = await grantRight(patient, {
      grantee: care.doctor.address,
      categories: ['medications', 'allergies'],
      actions: ['read', 'add'],
      purpose: 'TREAT',
      until: BEGIN + 86_400,
    });
    care = { ...care, patient, handle, right };
    const digests: string[] = [];
    for (let each = 0; each < 4; each++)
      digests.push((await prescribe(care.doctor, order())).digest);
    const [untouched, first, second, both] = digests as [string, string, string, string];
    const passed = async (digest: string): Promise<void> => {
      await passPrescription(care.patient, await listed(digest));
    };
    const change = async (): Promise<void> => {
      const { party } = await changeKey(care.patient, network.ports.random(32));
      care = { ...care, patient: party };
    };
    const shown = async (): Promise<readonly string[]> => {
      const chart = await readChart(care.patient, { handle: care.handle, purpose: 'PATRQT' });
      const { prescriptions: all } = await readPrescriptions(care.patient, chart);
      return all.filter(({ slip }) => slip !== undefined).map(({ digest }) => digest);
    };
    await passed(first);
    await passed(both);
    await change();
    assert.deepEqual(new Set(await shown()), new Set(digests));
    await passed(second);
    await passed(both);
    await change();
    assert.deepEqual(new Set(await shown()), new Set(digests));
    for (const digest of [untouched, first]) await passed(digest);
    const { slip } = await listed(first);
    await dispense(pharmacist, slip ?? assert.fail('no slip'), { amount: 30 });
    // Another device, with the words of the present key alone.
    const { formerKeys: _former, ...elsewhere } = care.patient;
    care = { ...care, patient: elsewhere };
    assert.deepEqual(new Set(await shown()), new Set([untouched, first]));
    await assert.rejects(passed(both), failsWith('SLIP_REPLACED'));
  });
});

describe('the attacks on a prescription:', () => {
  // @actor pharmacy | to dispense at the second in which another does
  it('two pharmacies at one second', async () => {
    const slip = await issued({ fills: 1 });
    const outcomes = await Promise.allSettled([
      dispense(pharmacist, slip, { amount: 30 }),
      dispense(other, slip, { amount: 30 }),
    ]);
    const lost = outcomes.filter((each) => each.status === 'rejected');
    assert.equal(lost.length, 1);
    assert.ok(isMedsealError(lost[0]?.reason, 'RULE_REFUSED'));
    const { facts } = await readSlip(care.patient, slip);
    assert.equal(facts.dispensed, 30);
  });

  // @actor pharmacy | to dispense after cancellation
  it('a dispense after cancellation', async () => {
    const slip = await issued();
    const { digest } = await readSlip(pharmacist, slip);
    await cancelPrescription(care.doctor, digest);
    await assert.rejects(dispense(pharmacist, slip, { amount: 1 }), refused('PrescriptionIsEnded'));
    assert.equal((await cancelPrescription(care.doctor, digest)).state, 'ended');
  });

  // @actor pharmacy | to consume what it was not shown
  it('a lying pharmacy that consumes what it was not shown', async () => {
    const [mine, foreign] = [await issued(), await issued()];
    const { digest } = await readSlip(pharmacist, foreign);
    const forged = { ...foreign, key: mine.key };
    await assert.rejects(dispense(pharmacist, forged, { amount: 1 }), failsWith('SLIP_REPLACED'));
    assert.equal((await confirmPrescription(care.doctor, digest)).dispensed, 0);
  });

  // @actor pharmacy | to dispense what was passed on
  it('a dispense of what was passed on', async () => {
    const slip = await issued();
    const { digest } = await readSlip(pharmacist, slip);
    const later = await passPrescription(care.patient, await listed(digest));
    await assert.rejects(dispense(pharmacist, slip, { amount: 1 }), failsWith('SLIP_REPLACED'));
    assert.deepEqual((await listed(digest)).slip, later);
    assert.equal((await dispense(pharmacist, later, { amount: 1 })).facts.dispensed, 1);
  });

  // @actor pharmacy | to pass on to itself what it was shown
  it('a pharmacy that was shown a slip and passes the prescription to keys of its own', async () => {
    const slip = await issued();
    const { digest, facts } = await readSlip(pharmacist, slip);
    const keys = { holder: pharmacist.address, slip: other.address };
    const message = { prescription: digest, step: 1, ...keys, deadline: BEGIN + 300 };
    const request = sign(pharmacist, pharmacist, 'PassPrescription', message);
    const signer = { address: facts.slip, signingKey: hexToBytes(slip.key) };
    const { signature: cosignature } = sign(pharmacist, signer, 'PassPrescription', message);
    await assert.rejects(
      submitCare(pharmacist, { request, cosignature }),
      failsWith('SIGNATURE_INVALID'),
    );
    assert.deepEqual((await listed(digest)).slip, slip);
  });

  it('an expired prescription, and one whose time has not come', async () => {
    const early = await issued({ from: BEGIN + 3000 });
    await assert.rejects(
      dispense(pharmacist, early, { amount: 1 }),
      refused('PrescriptionOutOfTime'),
    );
  });

  it('a dispense while it is held back', async () => {
    const slip = await issued();
    const { digest } = await readSlip(pharmacist, slip);
    await holdPrescription(care.doctor, digest, true);
    await assert.rejects(dispense(pharmacist, slip, { amount: 1 }), refused('PrescriptionIsHeld'));
    await holdPrescription(care.doctor, digest, false);
    assert.equal((await dispense(pharmacist, slip, { amount: 1 })).facts.state, 'active');
  });

  // @actor pharmacy | to dispense over the quantity
  it('over the quantity of a fill, and a fill before its day', async () => {
    const slip = await issued({ interval: 28 });
    await assert.rejects(dispense(pharmacist, slip, { amount: 31 }), refused('AmountExceeded'));
    await dispense(pharmacist, slip, { amount: 30 });
    await assert.rejects(dispense(pharmacist, slip, { amount: 30 }), refused('FillEarly'));
  });

  // @actor doctor | to prescribe without the right to add
  it('a prescriber without the right to add', async () => {
    await assert.rejects(prescribe(care.stranger, order()), failsWith('RIGHT_MISSING'));
  });

  // @actor doctor | to dispense
  it('a dispense by somebody who is not a pharmacist', async () => {
    const slip = await issued();
    await assert.rejects(dispense(care.stranger, slip, { amount: 1 }), failsWith('RIGHT_MISSING'));
  });

  it('a change by a doctor who did not prescribe it', async () => {
    const { digest } = await readSlip(pharmacist, await issued());
    await assert.rejects(cancelPrescription(care.stranger, digest), failsWith('RIGHT_MISSING'));
  });

  it('a controlled medicine that no second doctor signed', async () => {
    const wanted = order({ controlled: true });
    await assert.rejects(prescribe(care.doctor, wanted), failsWith('SECOND_MISSING'));
    const both = order({ controlled: true, second: care.stranger.address });
    const signed = await signOrder(care.doctor, both);
    await assert.rejects(placePrescription(care.doctor, signed), failsWith('SIGNATURE_INVALID'));
    const beside = signBeside(care.stranger, signed.message);
    const { digest } = await placePrescription(care.doctor, signed, beside);
    assert.equal((await confirmPrescription(care.doctor, digest)).second, care.stranger.address);
  });

  // @actor a doctor, a pharmacist | prescribe to the dead, or dispense for them
  it('a prescription to the dead, and a dispense for them, until the death is undone', async () => {
    const { doctor, patient, handle } = care;
    const registrar = await network.party('registrar', { organisation: 'laboratory' });
    const slip = await issued();
    const signed = await signOrder(doctor, order());
    const content = `0x${'5a'.repeat(32)}` as const;
    const { death } = await reportDeath(doctor, { handle, content, at: BEGIN - 3600 });
    await dispense(pharmacist, slip, { amount: 1 });
    await confirmVital(registrar, { death });
    await assert.rejects(placePrescription(doctor, signed), failsWith('CHART_FROZEN'));
    await assert.rejects(dispense(pharmacist, slip, { amount: 1 }), failsWith('CHART_FROZEN'));
    await objectToVital(patient, { handle, what: 'death' });
    await dispense(pharmacist, slip, { amount: 1 });
  });

  it('a slip whose words were altered', async () => {
    const slip = await issued();
    const request = { ...slip.request, dosageInstruction: [{ text: 'Ten at once' }] };
    await assert.rejects(readSlip(pharmacist, { ...slip, request }), failsWith('SLIP_INVALID'));
  });
});
