import type { MedicationRequest } from '@medplum/fhirtypes';
import { base64 } from '@scure/base';
import { bytesToHex, utf8ToBytes } from '../../../crypto/bytes.ts';
import { sealBytes } from '../../../crypto/sealing/sealBytes.ts';
import { isMedsealError } from '../../../errors/isMedsealError.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import { decodePart } from '../../../fhir/decodePart.ts';
import { requireDose } from '../../../fhir/dose/readDose.ts';
import { encodePart } from '../../../fhir/encodePart.ts';
import {
  makeMedicationRequest,
  type MedicineOrdered,
  type Overrides,
} from '../../../fhir/makeMedicationRequest.ts';
import { partOfResource } from '../../../fhir/partOfResource.ts';
import { seconds } from '../../../protocol/Clock.ts';
import { ZERO32, ZERO_ADDRESS, type Hex } from '../../../protocol/ids.ts';
import { needsSecond } from '../../../protocol/care/controlledMedicines.ts';
import type { Prescription } from '../../../protocol/care/prescriptions.ts';
import { digestOf, sign } from '../../../protocol/struct/signing.ts';
import { isFinalRefusal } from '../../agent/isFinalRefusal.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import type { Party } from '../../party/Party.ts';
import { addRecord } from '../../records/addRecord.ts';
import type { LoggedVersion } from '../../records/logVersion.ts';
import { confirmRecipient } from '../../rights/confirmRecipient.ts';
import {
  forgetOrder,
  isOpenOrder,
  keepOrder,
  keptOrder,
  recordOnce,
  type OrderWritten,
} from './keptOrder.ts';
import type { NewPrescription } from './NewPrescription.ts';
import { placePrepared, unlessCut } from './placePrescription.ts';
import { keysFrom } from './prescriptionKeys.ts';
import {
  contentHash,
  prescriptionIn,
  recordOfPrescription,
  withRecord,
} from './prescriptionRecord.ts';
import { isReviewed, type OrderReview } from './reviewOrder.ts';
import type { PrescriptionIssued, PrescriptionSigned } from './PrescriptionSigned.ts';
import { sayConflicts } from './sayConflicts.ts';
import { keepSignedOrder } from './signedOrders.ts';
import { takeBackOrder } from './takeBackOrder.ts';

/** Seconds in which the ledger takes a prescription; more if a second doctor has yet to sign. */
const [WAIT, WAIT_FOR_SECOND] = [300, 24 * 3600 - 300];

/**
 * Issues a prescription that was reviewed: the MedicationRequest goes to the chart, sealed, and the prescription to the
 * ledger, which sees amounts and times alone. Run again within minutes after a crash or a lost answer, it issues the same one.
 * If the ledger refuses it, or never got it, this or a later run for the same order takes its MedicationRequest off the chart,
 * if a right allows to correct it; else the chart shows that it was never issued.
 *
 * @param party - The prescriber, a doctor.
 * @param review - The order, without a second doctor, as `reviewOrder` checked it.
 * @param reason - Why it is signed despite the conflicts of the review, 1 to 200 characters: it is kept in the
 * MedicationRequest, which the prescription's hash covers.
 * @throws MedsealError `ORDER_CONFLICTS` for an order with conflicts and without a reason; `CONTRACT_ABSENT` in a network
 * that was founded before there were prescriptions; `SECOND_MISSING` for a controlled medicine; `RIGHT_MISSING`,
 * `RIGHT_ENDED`, `ARGUMENT_INVALID`, `RULE_REFUSED`, `RULE_UNCONFIRMED`, and those of `addRecord`.
 * @example
 * ```ts
 * const order = { medicine: 'Amoxicillin 500 mg capsules', unit: 'capsule', dosage: 'One, three times a day' };
 * const amounts = { amount: 21, fills: 1, interval: 0 };
 * const from = Math.floor(Date.now() / 1000);
 * const time = { from, until: from + 30 * 86_400 };
 * const right = { handle, grant, purpose: 'TREAT' } as const;
 * const review = await reviewOrder(doctor, { ...right, ...order, ...amounts, ...time });
 * if (review.conflicts.length > 0) throw new Error('read what speaks against it');
 * const { digest } = await issuePrescription(doctor, review);
 * ```
 */
export async function issuePrescription(
  party: Party,
  review: OrderReview,
  reason?: string,
): Promise<PrescriptionIssued> {
  const { order } = review;
  const signed = await signPrescription(party, review, reason);
  const issued = await placePrepared(party, signed, {}, async (refusal) => {
    const isOver = isFinalRefusal(refusal) && !isMedsealError(refusal, 'REQUEST_LATE');
    if (!isOver || (await unlessCut(takeBackOrder(party, order))) !== 'issued') throw refusal;
  });
  // From now on the same order is another one.
  await forgetOrder(party, order);
  return issued;
}

/**
 * Puts the MedicationRequest on the chart, and signs the prescription, for a second doctor to sign beside.
 *
 * @param party - The prescriber.
 * @param review - As for `issuePrescription`.
 * @param reason - As for `issuePrescription`.
 * @throws MedsealError `ORDER_CONFLICTS`; `CONTRACT_ABSENT`; `SECOND_MISSING` for a controlled medicine without a second
 * doctor; `RIGHT_MISSING`, `RIGHT_ENDED`, `ARGUMENT_INVALID`, and those of `addRecord`.
 * @example
 * ```ts
 * const medicine = { medicine: 'Morphine 10 mg tablets', unit: 'tablet', dosage: 'One in the evening' };
 * const from = Math.floor(Date.now() / 1000);
 * const amounts = { amount: 10, fills: 1, interval: 0, from, until: from + 7 * 86_400 };
 * const both = { controlled: true, second: colleague.address, purpose: 'TREAT' } as const;
 * const wanted = { handle, grant, ...medicine, ...amounts, ...both };
 * const signed = await signPrescription(doctor, await reviewOrder(doctor, wanted));
 * const cosignature = signBeside(colleague, signed.message);
 * await placePrescription(doctor, signed, cosignature);
 * ```
 */
export async function signPrescription(
  party: Party,
  review: OrderReview,
  reason?: string,
): Promise<PrescriptionSigned> {
  const { order: wanted } = review;
  if (party.network.contracts.prescriptions === undefined) {
    throw new MedsealError('CONTRACT_ABSENT', { contract: 'prescriptions' });
  }
  requireSoundOrder(wanted);
  const { controlled = false } = wanted;
  const isAlone = wanted.second === undefined;
  if (isAlone && needsSecond(party.network, { controlled, code: codeOfOrder(wanted) })) {
    throw new MedsealError('SECOND_MISSING', {});
  }
  const before = await keptOrder(party, wanted);
  const known = before && isOpenOrder(party, before) ? before : undefined;
  // Nobody can issue it any more, and another one takes its place on the device.
  if (before !== undefined && known === undefined) {
    await takeBackOrder(party, wanted).catch((error: unknown) => {
      if (!isFinalRefusal(error)) throw error;
    });
  }
  const written = known ?? (await write(party, wanted, overriddenBy(review, reason)));
  if (known === undefined) await keepOrder(party, wanted, written);
  const { handle, grant, purpose } = wanted;
  const { record, acknowledgement } = await addRecord(party, {
    handle,
    grant,
    purpose,
    category: 'medications',
    content: utf8ToBytes(written.content),
    once: recordOnce(party, wanted, written),
  });
  const message = withRecord(written.message, record);
  const request = sign(party, party, 'Prescription', message);
  const digest = digestOf(party, 'Prescription', message);
  if (!isAlone) {
    await keepSignedOrder(party, digest, message.deadline, { order: wanted, refused: false });
  }
  return {
    digest,
    message,
    order: orderIn(party, message, written),
    submission: {
      request,
      written: acknowledgement satisfies LoggedVersion['acknowledgement'],
      openings: [grant],
    },
  };
}

/**
 * Signs beside the prescriber, as the second doctor that a prescription names.
 *
 * @param party - The second doctor.
 * @param message - The prescription, which the prescriber gave to be read and signed.
 * @throws MedsealError `RIGHT_MISSING` if it names another.
 * @example
 * ```ts
 * const { medicine } = signed.message.terms;
 * if (!confirm(`Sign beside the prescriber: ${medicine}?`)) throw new Error('not signed');
 * const cosignature = signBeside(colleague, signed.message);
 * console.log(`Give this to the prescriber: ${cosignature}`);
 * ```
 */
export function signBeside(party: Party, message: Prescription): Hex {
  if (message.second !== party.address) throw new MedsealError('RIGHT_MISSING', {});
  return sign(party, party, 'Prescription', message).signature;
}

/** The kinds of conflict that the prescriber overrides, with the reason. */
function overriddenBy(review: OrderReview, reason = ''): Overrides | undefined {
  if (!isReviewed(review)) throw invalid('review', 'must be what `reviewOrder` returned');
  const against = review.conflicts.filter(({ indicator }) => indicator !== 'info');
  if (against.length === 0) return undefined;
  const said = reason.trim();
  if (said === '')
    throw new MedsealError('ORDER_CONFLICTS', { conflicts: sayConflicts(against).join('; ') });
  if (said.length > MOST_REASON || !said.isWellFormed())
    throw invalid('reason', `must have 1 to ${MOST_REASON} characters (got ${said.length})`);
  return { kinds: [...new Set(against.map(({ kind }) => kind))], reason: said };
}

async function write(
  party: Party,
  wanted: NewPrescription,
  overrides: Overrides | undefined,
): Promise<OrderWritten> {
  const { primitives, cipher } = party;
  const { handle, medicine, unit, amount, fills, interval, from, until } = wanted;
  const { patient } = await confirmFacts(party, { handle });
  if (patient === undefined) throw new MedsealError('NOT_FOUND', { what: 'chart' });
  const recipient = await confirmRecipient(party, patient.controller);
  const at = seconds(party.clock);
  const secret = party.random(32);
  const sealed = await sealBytes([recipient], secret, { ...(cipher && { cipher }) });
  const request = makeMedicationRequest({
    ...wanted,
    prescriber: party.address,
    at,
    ...(overrides && { overrides }),
  });
  const message: Prescription = {
    terms: {
      handle,
      record: ZERO32,
      content: contentHash(primitives, request),
      medicine,
      code: codeOfOrder(wanted),
      unit,
      controlled: wanted.controlled ?? false,
      salt: bytesToHex(party.random(16)),
    },
    prescriber: party.address,
    second: wanted.second ?? ZERO_ADDRESS,
    ...keysFrom(primitives, bytesToHex(secret)),
    amount,
    fills,
    interval,
    from,
    until,
    replaces: wanted.replaces ?? ZERO32,
    deadline: at + (wanted.second === undefined ? WAIT : WAIT_FOR_SECOND),
  };
  const resource = recordOfPrescription({ request, message, sealedKey: base64.encode(sealed) });
  const part = partOfResource(bytesToHex(party.random(16)), 'medications', resource);
  return { message, content: new TextDecoder().decode(encodePart(part)) };
}

/** The code as the terms have it; empty without one. */
function codeOfOrder({ code }: MedicineOrdered): string {
  return code === undefined ? '' : `${code.system}|${code.code}`;
}

function orderIn(
  { primitives }: Party,
  { terms }: Prescription,
  { content }: OrderWritten,
): MedicationRequest {
  const [entry] = decodePart(utf8ToBytes(content)).entries;
  const found = prescriptionIn(primitives, terms, entry?.resource);
  if (found === undefined) throw new MedsealError('NOT_FOUND', { what: 'prescription' });
  return found.request;
}

/** Largest numbers of the contract. */
const [MOST_WHOLE, MOST_FILLS, MOST_INTERVAL, MOST_TEXT] = [2 ** 24 - 1, 255, 2 ** 16 - 1, 96];
const [MOST_DOSAGE, MOST_REASON] = [1000, 200];

function requireSoundOrder(wanted: NewPrescription): void {
  const { medicine, unit, dosage, dose, amount, fills, interval, from, until } = wanted;
  for (const [argument, text, most] of [
    ['medicine', medicine, MOST_TEXT],
    ['unit', unit, MOST_TEXT],
    ['code', codeOfOrder(wanted) || '-', MOST_TEXT],
    ['dosage', dosage || (dose === undefined ? '' : '-'), MOST_DOSAGE],
  ] as const) {
    if (text.trim() === '' || text.length > most || !text.isWellFormed())
      throw invalid(argument, `must have 1 to ${most} characters (got ${text.length})`);
  }
  if (dose !== undefined) requireDose(dose);
  for (const [argument, value, least, most] of [
    ['fills', fills, 1, MOST_FILLS],
    ['amount', amount, 1, Math.floor(MOST_WHOLE / Math.max(1, fills))],
    ['interval', interval, 0, MOST_INTERVAL],
  ] as const) {
    if (!Number.isInteger(value) || value < least || value > most)
      throw invalid(argument, `must be a whole number from ${least} to ${most} (got ${value})`);
  }
  if (!(from < until)) throw invalid('until', 'must be later than `from`');
}

function invalid(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
