import assert from 'node:assert/strict';
import {
  addBundle,
  addDocument,
  checkInbox,
  confirmVital,
  decideClaim,
  grantRight,
  handOver,
  objectToRecord,
  readChart,
  registerBirth,
  reportMistake,
  restorePatient,
  rightFor,
  submitClaim,
  tellOrder,
  type LoggedVersion,
  type Party,
} from '../../src/client/index.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import { fillForm } from '../../src/fhir/forms/fillForm.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import type { Bytes32, Handle } from '../../src/protocol/ids.ts';
import type { Grant } from '../../src/protocol/struct/requests.ts';
import { arrived, claimOf } from './claimsMade.ts';
import { openDemoVisitor, type DemoVisitor } from './demoVisitor.ts';

/** Title of the note of which the patient says that it is wrong. */
export const NOTE_TITLE = 'Visit for the shoulder';
/** Test that the laboratory is asked for. */
export const ORDERED = 'Ferritin';
/** Amounts of the claims, as their lines show them: one waits, of one more is asked, and one is denied. */
export const CLAIMED = { open: '31.00', asked: '32.00', denied: '33.00' } as const;

/**
 * Brings the demonstration to where each form with a draft can be filled in, without a browser.
 *
 * @param url - Address of the node.
 */
export async function prepareDrafts(url: string): Promise<void> {
  const patient = await openDemoVisitor(url, 'patient');
  const { party: doctor } = await openDemoVisitor(url, 'doctor');
  const { handle } = patient;
  assert.ok(handle !== undefined);
  await restorePatient(patient.party);
  const right = await rightFor(doctor, { handle, action: 'add', category: 'reports' });
  const { grant } = right ?? assert.fail('no right');
  const { acknowledgement: entry } = await addNote(doctor, handle, grant, NOTE_TITLE);
  await reportMistake(patient.party, { entry, words: 'It is the other shoulder.' });
  const { record } = await addNote(doctor, handle, grant, 'Visit for the knee');
  const { records } = await readChart(patient.party, { handle, purpose: 'PATRQT' });
  const objected = records.find((each) => each.record === record) ?? assert.fail();
  await objectToRecord(patient.party, { record: objected, words: 'It is the other knee.' });
  await orderFor(url, patient.party, doctor, handle, grant);
  await claimThrice(url, patient);
  await confirmBirth(url, doctor);
}

async function addNote(
  doctor: Party,
  handle: Handle,
  grant: Grant,
  title: string,
): Promise<LoggedVersion> {
  const { reference } = await addDocument(doctor, {
    handle,
    grant,
    purpose: grant.terms.purpose,
    category: 'reports',
    title,
    contentType: 'text/plain',
    content: utf8ToBytes('The left shoulder hurts.'),
  });
  return reference;
}

/** Has the doctor order, and the laboratory share what it needs to answer. */
async function orderFor(
  url: string,
  patient: Party,
  doctor: Party,
  handle: Handle,
  grant: Grant,
): Promise<void> {
  const { party: lab } = await openDemoVisitor(url, 'lab');
  const given = await grantRight(patient, {
    grantee: lab.address,
    categories: ['procedures', 'laboratory', 'reports'],
    actions: ['read', 'add'],
    purpose: 'TREAT',
    until: seconds(patient.clock) + 86_400,
  });
  await handOver(patient, given);
  const at = seconds(doctor.clock);
  const ordered = `${new Date(at * 1000).toISOString().slice(0, 19)}Z`;
  const { address: author } = doctor;
  const { address: laboratory } = lab;
  const values = { service: ORDERED, ordered, laboratory };
  const bundle = fillForm('order', values, { handle, author, at });
  const { records } = await addBundle(doctor, {
    handle,
    bundle,
    purpose: grant.terms.purpose,
    grant,
  });
  for (const each of records) await tellOrder(doctor, { ...each, handle, laboratory });
}

/** Claims in advance, since a treatment is claimed once. */
async function claimThrice(url: string, patient: DemoVisitor): Promise<void> {
  const { party: insurer } = await openDemoVisitor(url, 'insurer');
  const claim = async (amount: string): Promise<Bytes32> => {
    const units = Number(amount) * 100;
    const wanted = await claimOf(url, patient, insurer.address, 0, units);
    const { treatment: _treatment, bill: _bill, ...ahead } = wanted;
    return (await submitClaim(patient.party, ahead)).digest;
  };
  await claim(CLAIMED.open);
  const asked = await claim(CLAIMED.asked);
  const denied = await claim(CLAIMED.denied);
  await arrived(url);
  await checkInbox(insurer);
  await decideClaim(insurer, asked, { outcome: 'ask', reason: 'more-needed' });
  await decideClaim(insurer, denied, { outcome: 'deny', reason: 'not-necessary' });
}

async function confirmBirth(url: string, doctor: Party): Promise<void> {
  const { party: registrar } = await openDemoVisitor(url, 'registrar');
  const { handle } = await openDemoVisitor(url, 'patient-2');
  assert.ok(handle !== undefined);
  const { birth } = await registerBirth(registrar, { handle, content: `0x${'5a'.repeat(32)}` });
  await confirmVital(doctor, { birth });
}
