import { dispense } from '../../../src/client/care/prescriptions/dispense.ts';
import { readPrescriptions } from '../../../src/client/care/prescriptions/readPrescriptions.ts';
import { prescribe } from '../../../src/client/care/prescriptions/test/prescribe.ts';
import { checkInbox } from '../../../src/client/care/inbox/checkInbox.ts';
import { bindDevice } from '../../../src/client/devices/bindDevice.ts';
import { refreshPackets } from '../../../src/client/epochs/refreshPackets.ts';
import { keepRecord } from '../../../src/client/kept/keepRecord.ts';
import { listKept } from '../../../src/client/kept/readKept.ts';
import { answerMistake, reportMistake } from '../../../src/client/letters/mistakes.ts';
import { readMistakes } from '../../../src/client/letters/keptMistakes.ts';
import { handOver } from '../../../src/client/letters/accessRequests.ts';
import type { Party } from '../../../src/client/party/Party.ts';
import { addRecord } from '../../../src/client/records/addRecord.ts';
import { readChart, type Chart } from '../../../src/client/records/readChart.ts';
import { readRecords } from '../../../src/client/records/readRecords.ts';
import { readRecord } from '../../../src/client/records/readRecord.ts';
import { grantRight } from '../../../src/client/rights/grantRight.ts';
import { listGrants } from '../../../src/client/rights/listGrants.ts';
import { addRule } from '../../../src/client/rules/changeRules.ts';
import { applyRules } from '../../../src/client/rules/applyRules.ts';
import { sendBatch, BATCH } from '../../../src/client/test/sendBatch.ts';
import { bytesToUtf8, utf8ToBytes } from '../../../src/crypto/bytes.ts';
import { signatory } from '../../../src/protocol/test/sampleNetwork.ts';
import type { RecordId } from '../../../src/protocol/ids.ts';
import type { Grant } from '../../../src/protocol/struct/requests.ts';
import type { Year } from './Year.ts';
import type { YearPatient } from './YearPatient.ts';

/** Seconds of a day. */
const DAY = 86_400;
/** Seconds for which a rule's right, a visit's, a wearable's and a prescription hold, and a record is kept. */
const [RENEW, VISIT, WORN, PRESCRIBED, KEPT] = [90 * DAY, 5 * DAY, 30 * DAY, 28 * DAY, 6 * DAY];

/** Deed that each patient meets on some days of the year. */
export interface CareDeed {
  readonly name: string;
  /** Days between two of them; the seed decides the first. */
  readonly every: number;
  readonly run: (year: Year, patient: YearPatient) => Promise<void>;
}

/** Everything that patients and those who treat them do over and over. */
export const CARE_DEEDS: readonly CareDeed[] = [
  { name: 'the patient connects', every: 7, run: connect },
  { name: 'a record by a renewed right', every: 6, run: treat },
  { name: 'a visit to another doctor', every: 15, run: visit },
  { name: 'a day after the visit', every: 15, run: afterVisit },
  { name: 'a batch of the wearable', every: 5, run: wear },
  { name: 'a prescription', every: 30, run: prescribeOnce },
  { name: 'a lapsed prescription', every: 10, run: lapse },
  { name: 'a question by letter', every: 20, run: ask },
  { name: 'a record that is kept', every: 20, run: keep },
];

/** Does what a patient's program does when it starts: rules, packets, letters. */
export async function connect(year: Year, { person }: YearPatient): Promise<void> {
  await year.deed('connect', async () => {
    const { party } = person;
    const [doctor] = year.doctors;
    if (doctor === undefined) return;
    await addRule(party, {
      name: 'my doctor',
      kind: 'permit',
      parties: [doctor.party.address],
      categories: ['laboratory', 'vitals', 'medications', 'other'],
      actions: ['read', 'add', 'amend'],
      purpose: 'TREAT',
      renew: RENEW,
    });
    const { failed } = await applyRules(party);
    if (failed.length > 0) throw new Error(`rules: ${JSON.stringify(failed)}`);
    await refreshPackets(party);
    await checkInbox(party);
    for (const each of year.doctors) await checkInbox(each.party);
  });
}

/** The right of the patient's doctor by the rule. */
async function ruled(year: Year, { person }: YearPatient): Promise<Grant> {
  const address = year.doctors[0]?.party.address;
  const found = (await listGrants(person.party))
    .flatMap(({ grant, state }) => (state === 'holds' && grant !== undefined ? [grant] : []))
    .filter(({ terms }) => terms.grantee === address)
    // One that was renewed still holds for a while.
    .toSorted((one, other) => one.terms.until - other.terms.until)
    .at(-1);
  if (found !== undefined) return found;
  throw new Error('the rule’s right does not hold');
}

async function treat(year: Year, patient: YearPatient): Promise<void> {
  await year.deed('add by the rule', async () => {
    const doctor = year.doctors[0]?.party;
    if (doctor === undefined) return;
    const grant = await ruled(year, patient);
    await add(year, patient, doctor, grant);
    const chart = await readChart(doctor, { handle: patient.handle, grant, purpose: 'TREAT' });
    const last = chart.records.at(-1);
    if (last !== undefined) await readRecord(doctor, chart, last);
  });
}

async function add(year: Year, patient: YearPatient, party: Party, grant: Grant): Promise<void> {
  const category = year.dice.pick(['laboratory', 'other'] as const);
  const text = `line ${year.day} ${patient.records.size}`;
  const version = { handle: patient.handle, category, grant, purpose: 'TREAT' } as const;
  const { record } = await addRecord(party, { ...version, content: utf8ToBytes(text) });
  patient.records.set(record, { text, category });
}

async function visit(year: Year, patient: YearPatient): Promise<void> {
  await year.deed('visit', async () => {
    const { party } = patient.person;
    const doctor = year.doctors[1]?.party;
    if (doctor === undefined) return;
    const given = await grantRight(party, {
      grantee: doctor.address,
      categories: ['laboratory', 'vitals', 'other'],
      actions: ['read', 'add', 'amend'],
      purpose: 'TREAT',
      until: year.now + VISIT,
    });
    await handOver(party, given);
    patient.visits.push(given.grant);
    await add(year, patient, doctor, given.grant);
  });
}

/** Rights of visits that are over open nothing. */
async function afterVisit(year: Year, patient: YearPatient): Promise<void> {
  const doctor = year.doctors[1]?.party;
  const over = patient.visits.filter(({ terms }) => terms.until <= year.now);
  for (const grant of doctor === undefined ? [] : over.slice(-2)) {
    const by = { handle: patient.handle, grant, purpose: 'TREAT' } as const;
    await year.refused('read after the visit', ['RIGHT_ENDED'], async () => {
      await readChart(doctor as Party, by);
    });
    await year.refused('add after the visit', ['RIGHT_ENDED'], async () => {
      await add(year, patient, doctor as Party, grant);
    });
  }
}

async function wear(year: Year, patient: YearPatient): Promise<void> {
  const gateway = year.doctors[1]?.party;
  if (gateway === undefined) return;
  const sensor = signatory(`wearable of ${patient.handle}`);
  const send = async (): Promise<void> => {
    const { bound, reading } = patient;
    if (bound === undefined) throw new Error('it is not bound');
    await sendBatch({ gateway, bound, sensor }, reading, year.now * 1000 - BATCH);
    patient.reading += BATCH / 1000;
  };
  const { bound } = patient;
  if (bound !== undefined && bound.grant.terms.until <= year.now) {
    await year.refused('batch after the binding', ['RIGHT_ENDED'], send);
  }
  await year.deed('batch', async () => {
    if (bound === undefined || bound.grant.terms.until <= year.now) {
      patient.bound = await bindDevice(patient.person.party, {
        device: { address: sensor.address, model: 'Wrist', serial: '17' },
        gateway: gateway.address,
        categories: ['vitals'],
        until: year.now + WORN,
      });
      await year.wait(10);
    }
    await send();
  });
}

async function prescribeOnce(year: Year, patient: YearPatient): Promise<void> {
  await year.deed('prescribe', async () => {
    const doctor = year.doctors[0]?.party;
    const pharmacist = year.pharmacists[0]?.party;
    if (doctor === undefined || pharmacist === undefined) return;
    const until = year.now + PRESCRIBED;
    const { digest } = await prescribe(doctor, {
      handle: patient.handle,
      grant: await ruled(year, patient),
      purpose: 'TREAT',
      medicine: `Amoxicillin 500 mg capsules ${year.day}`,
      unit: 'capsule',
      dosage: 'One capsule three times a day',
      amount: 30,
      fills: 2,
      interval: 0,
      from: year.now,
      until,
    });
    const chart = await ownChart(patient);
    const { prescriptions } = await readPrescriptions(patient.person.party, chart);
    const slip = prescriptions.find((each) => each.digest === digest)?.slip;
    if (slip === undefined) throw new Error('the prescription is not listed');
    await dispense(pharmacist, slip, { amount: 10 });
    patient.prescriptions.push({ slip, until });
  });
}

async function lapse(year: Year, patient: YearPatient): Promise<void> {
  const pharmacist = year.pharmacists[0]?.party;
  const over = patient.prescriptions.filter(({ until }) => until <= year.now);
  for (const { slip } of pharmacist === undefined ? [] : over.slice(-1)) {
    await year.refused('dispense after the end', ['RULE_REFUSED'], async () => {
      await dispense(pharmacist as Party, slip, { amount: 5 });
    });
  }
}

async function ask(year: Year, patient: YearPatient): Promise<void> {
  await year.deed('ask', async () => {
    const { party } = patient.person;
    const doctor = year.doctors[0]?.party;
    if (doctor === undefined) return;
    const chart = await ownChart(patient);
    const wanted = chart.records.findLast(({ author }) => author === doctor.address);
    if (wanted === undefined) return;
    const words = `Is it so on day ${year.day}?`;
    await reportMistake(party, { entry: wanted.acknowledgement, words, topic: 'question' });
    await checkInbox(doctor);
    const open = (await readMistakes(doctor)).filter(
      ({ to, answer }) => to === doctor.address && !answer,
    );
    for (const { id } of open) await answerMistake(doctor, { id, words: 'It is.' });
    await checkInbox(party);
    const asked = (await readMistakes(party)).find((each) => each.words === words);
    if (asked?.answer === undefined) throw new Error('the answer did not come');
  });
}

async function keep(year: Year, patient: YearPatient): Promise<void> {
  await year.deed('keep', async () => {
    const doctor = year.doctors[0]?.party;
    if (doctor === undefined) return;
    const grant = await ruled(year, patient);
    const kept = await listKept(doctor);
    if (kept.some(({ keep: until }) => until <= year.now))
      throw new Error('a kept record outlived its end');
    const chart = await readChart(doctor, { handle: patient.handle, grant, purpose: 'TREAT' });
    const wanted = chart.records.findLast(({ size }) => size > 0);
    if (wanted !== undefined) await keepRecord(doctor, chart, wanted, year.now + KEPT);
  });
}

/** The patient's own chart. */
export async function ownChart({ person, handle }: YearPatient): Promise<Chart> {
  return await readChart(person.party, { handle, purpose: 'PATRQT' });
}

/** Requires that the patient reads every record that was acknowledged, and none that was erased. */
export async function readAll({ person, handle, records, erased }: YearPatient): Promise<void> {
  const { party } = person;
  const chart = await readChart(party, { handle, purpose: 'PATRQT' });
  const wanted = chart.records.filter(({ record }) => records.has(record));
  const lines = new Map<RecordId, string>();
  for await (const read of readRecords(party, chart, wanted)) {
    const { record } = read.record;
    if (erased.has(record)) {
      if (!('error' in read)) throw new Error(`the erased record ${record} opens`);
      continue;
    }
    if ('error' in read) throw read.error;
    lines.set(record, bytesToUtf8(read.content));
  }
  for (const [record, { text }] of records) {
    if (!erased.has(record) && lines.get(record) !== text) {
      throw new Error(`the chart lacks ${record} (${text})`);
    }
  }
}
