import { checkInbox } from '../../src/client/care/inbox/checkInbox.ts';
import { sendLetter } from '../../src/client/letters/letters.ts';
import { enrol } from '../../src/client/party/enrol.ts';
import { addDispenses } from '../../src/client/care/prescriptions/addDispenses.ts';
import { cancelPrescription } from '../../src/client/care/prescriptions/changePrescription.ts';
import { confirmPrescription } from '../../src/client/care/prescriptions/confirmPrescription.ts';
import { dispense, signDispense } from '../../src/client/care/prescriptions/dispense.ts';
import type { DispenseTold } from '../../src/client/letters/DispenseTold.ts';
import { issuePrescription } from '../../src/client/care/prescriptions/issuePrescription.ts';
import type { PrescriptionIssued } from '../../src/client/care/prescriptions/PrescriptionSigned.ts';
import type { NewPrescription } from '../../src/client/care/prescriptions/NewPrescription.ts';
import {
  passPrescription,
  readPrescriptions,
  type PrescriptionListed,
} from '../../src/client/care/prescriptions/readPrescriptions.ts';
import { reviewOrder } from '../../src/client/care/prescriptions/reviewOrder.ts';
import { readSlip } from '../../src/client/care/prescriptions/readSlip.ts';
import type { Slip } from '../../src/client/care/prescriptions/Slip.ts';
import { submitCare } from '../../src/client/care/prescriptions/submitCare.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import { grantRight } from '../../src/client/rights/grantRight.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import type { Bytes32 } from '../../src/protocol/ids.ts';
import type { Signed } from '../../src/protocol/struct/requests.ts';
import { sign } from '../../src/protocol/struct/signing.ts';
import type { CastMember, Cast, Pharmacies } from './Cast.ts';
import type { StepRunner } from './StepRunner.ts';

const HOUR = 3600;
const PAPER = 'beyond P2';

/**
 * Plays a prescription, from the doctor to two pharmacies and back to the chart, and what the ledger and the nodes must
 * refuse. It is played by parties who are enrolled, on a chart that has an epoch.
 *
 * @param runner - Does and notes the steps.
 * @param cast - The parties at their devices.
 * @param pharmacies - The pharmacists; they are enrolled first if they are new.
 * @throws UnexpectedOutcome at the first step that goes otherwise.
 */
export async function prescriptionScenario(
  runner: StepRunner,
  { patient, doctor, specialist }: Cast,
  [pharmacy, rival]: Pharmacies,
): Promise<void> {
  for (const { fresh, party, role, organisation } of [pharmacy, rival]) {
    if (fresh) await enrol(party, { role, organisation });
  }
  const { handle } = await readPatientState(patient.party);
  const given = await grantRight(patient.party, {
    grantee: doctor.party.address,
    categories: ['medications', 'allergies'],
    actions: ['read', 'add'],
    purpose: 'TREAT',
    until: seconds(patient.party.clock) + HOUR,
  });
  const from = seconds(doctor.party.clock);
  const wanted: NewPrescription = {
    handle,
    grant: given.grant,
    purpose: 'TREAT',
    medicine: 'Nitrofurantoin 100 mg capsules',
    unit: 'capsule',
    dosage: 'One capsule three times a day',
    amount: 21,
    fills: 1,
    interval: 0,
    from,
    until: from + 24 * HOUR,
  };
  await runner.refused(
    { name: 'A doctor without the right to add prescribes', paper: PAPER, party: specialist.name },
    ['RIGHT_MISSING'],
    async () => await issueReviewed(specialist, wanted),
  );
  await runner.refused(
    {
      name: 'The doctor prescribes against an allergy, with no reason',
      paper: PAPER,
      party: doctor.name,
    },
    ['ORDER_CONFLICTS'],
    async () => await issueReviewed(doctor, { ...wanted, medicine: 'Amoxicillin 500 mg capsules' }),
  );
  const digest = await runner.accepted(
    { name: 'The doctor prescribes, and the ledger counts', paper: PAPER, party: doctor.name },
    // The story may have been played on this chart before.
    async () => ({
      value: (await issueReviewed(doctor, wanted, 'The course of before is over')).digest,
    }),
  );
  const shown = await runner.accepted(
    { name: 'The patient shows it, and nothing else', paper: PAPER, party: patient.name },
    async () => ({ value: await slipOf(patient, digest) }),
  );
  await runner.accepted(
    { name: 'A pharmacy dispenses a part', paper: PAPER, party: pharmacy.name },
    async () => {
      const { facts } = await dispense(pharmacy.party, shown, { amount: 11 });
      return { value: facts, detail: `${facts.dispensed} of ${facts.amount}` };
    },
  );
  await runner.refused(
    { name: 'Another pharmacy dispenses more than is left', paper: PAPER, party: rival.name },
    ['RULE_REFUSED'],
    async () => await dispense(rival.party, shown, { amount: 11 }),
  );
  await runner.accepted(
    { name: 'Two pharmacies dispense at one second: one wins', paper: PAPER, party: rival.name },
    async () => {
      await race(shown, pharmacy, rival);
      return { value: undefined };
    },
  );
  await runner.accepted(
    { name: 'The dispensed parts return to the chart', paper: PAPER, party: patient.name },
    async () => {
      await checkInbox(patient.party);
      const added = await addDispenses(patient.party, await listOf(patient));
      if (added.length !== 2) throw new MedsealError('NOT_FOUND', { what: 'dispense' });
      return { value: undefined, detail: `${added.length} dispenses` };
    },
  );
  await denials(runner, { patient, doctor, specialist }, { wanted, pharmacy, rival });
}

/** The order that the denials are about, and the pharmacists. */
interface Denied {
  readonly wanted: NewPrescription;
  readonly pharmacy: CastMember;
  readonly rival: CastMember;
}

async function denials(
  runner: StepRunner,
  { patient, doctor, specialist }: Cast,
  { wanted, pharmacy, rival }: Denied,
): Promise<void> {
  const { digest } = await issueReviewed(
    doctor,
    { ...wanted, amount: 5 },
    'The rest of the course',
  );
  const slip = await slipOf(patient, digest);
  await toldDispenses(runner, patient, { slip, pharmacy: rival });
  const listed = (await listOf(patient)).find((each) => each.digest === digest);
  await runner.refused(
    { name: 'A doctor dispenses', paper: PAPER, party: specialist.name },
    ['RIGHT_MISSING'],
    async () => await dispense(specialist.party, slip, { amount: 1 }),
  );
  if (listed === undefined) throw new MedsealError('NOT_FOUND', { what: 'prescription' });
  await runner.refused(
    {
      name: 'The doctor rests another prescription on its record',
      paper: PAPER,
      party: doctor.name,
    },
    ['RULE_REFUSED'],
    async () => await prescribeOn(doctor, wanted, listed),
  );
  const later = await passPrescription(patient.party, listed);
  await runner.refused(
    { name: 'A pharmacy dispenses what was passed on', paper: PAPER, party: pharmacy.name },
    ['SLIP_REPLACED'],
    async () => await dispense(pharmacy.party, slip, { amount: 1 }),
  );
  await runner.refused(
    { name: 'Another doctor cancels it', paper: PAPER, party: specialist.name },
    ['RIGHT_MISSING'],
    async () => await cancelPrescription(specialist.party, digest),
  );
  await runner.accepted(
    { name: 'The prescriber cancels it', paper: PAPER, party: doctor.name },
    async () => ({ value: await cancelPrescription(doctor.party, digest) }),
  );
  await runner.refused(
    { name: 'A pharmacy dispenses after that', paper: PAPER, party: pharmacy.name },
    ['RULE_REFUSED'],
    async () => await dispense(pharmacy.party, later, { amount: 1 }),
  );
}

/** Letters of a pharmacist about a dispense that the ledger does not have, does not have yet, and has. */
async function toldDispenses(
  runner: StepRunner,
  patient: CastMember,
  { slip, pharmacy }: { readonly slip: Slip; readonly pharmacy: CastMember },
): Promise<void> {
  const signed = signDispense(pharmacy.party, await readSlip(pharmacy.party, slip), { amount: 1 });
  const { request, cosignature = '0x' } = signed.submission;
  const dispensed = {
    request: request as Signed<'Dispense'>,
    cosignature,
    prescription: slip.prescription,
    order: slip.request,
    resource: signed.resource,
  };
  const tell = async (told: DispenseTold): Promise<void> => {
    await sendLetter(pharmacy.party, patient.party.address, { dispensed: told });
    await takeDispense(patient);
  };
  const forged = { ...signed.resource, quantity: { ...signed.resource.quantity, value: 100 } };
  await runner.refused(
    { name: 'A letter tells of a dispense in forged words', paper: PAPER, party: pharmacy.name },
    ['NOT_FOUND'],
    async () => await tell({ ...dispensed, resource: forged }),
  );
  await runner.refused(
    { name: 'A letter tells of it before the ledger has it', paper: PAPER, party: pharmacy.name },
    ['NOT_FOUND'],
    async () => await tell(dispensed),
  );
  await runner.accepted(
    { name: 'It comes to the ledger late, and to the chart', paper: PAPER, party: patient.name },
    async () => {
      await submitCare(pharmacy.party, signed.submission);
      return { value: await takeDispense(patient), detail: '1 dispense' };
    },
  );
}

/** The patient's device takes letters, and puts the one dispense that it can prove on the chart. */
async function takeDispense(patient: CastMember): Promise<void> {
  await checkInbox(patient.party);
  const added = await addDispenses(patient.party, await listOf(patient));
  if (added.length !== 1) throw new MedsealError('NOT_FOUND', { what: 'dispense' });
}

/** Signs another prescription on the record of one that was issued. */
async function prescribeOn(
  { party }: CastMember,
  { handle, grant, purpose }: NewPrescription,
  { message }: PrescriptionListed,
): Promise<void> {
  const { records } = await readChart(party, { handle, grant, purpose });
  const own = records.find(({ record }) => record === message.terms.record);
  if (own === undefined) throw new MedsealError('NOT_FOUND', { what: 'record' });
  const more = { ...message, amount: message.amount * 2, deadline: seconds(party.clock) + 300 };
  const request = sign(party, party, 'Prescription', more);
  await submitCare(party, { request, written: own.acknowledgement, openings: [grant] });
}

async function issueReviewed(
  { party }: CastMember,
  wanted: NewPrescription,
  reason?: string,
): Promise<PrescriptionIssued> {
  return await issuePrescription(party, await reviewOrder(party, wanted), reason);
}

/** Both dispense all that is left at once. */
async function race(slip: Slip, one: CastMember, other: CastMember): Promise<void> {
  const outcomes = await Promise.allSettled(
    [one, other].map(async ({ party }) => await dispense(party, slip, { amount: 10 })),
  );
  const lost = outcomes.filter((each) => each.status === 'rejected');
  const [first] = lost;
  if (lost.length !== 1 || !isMedsealError(first?.reason, 'RULE_REFUSED')) {
    throw new MedsealError('ANSWER_DISPUTED', {}, { cause: first?.reason });
  }
}

async function listOf({ party }: CastMember): Promise<readonly PrescriptionListed[]> {
  const { handle } = await readPatientState(party);
  return (await readPrescriptions(party, await readChart(party, { handle, purpose: 'PATRQT' })))
    .prescriptions;
}

async function slipOf(patient: CastMember, digest: Bytes32): Promise<Slip> {
  await confirmPrescription(patient.party, digest);
  const slip = (await listOf(patient)).find((each) => each.digest === digest)?.slip;
  if (slip === undefined) throw new MedsealError('SLIP_REPLACED', {});
  return slip;
}
