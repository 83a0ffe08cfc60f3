import type { MedicationDispense } from '@medplum/fhirtypes';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../../crypto/bytes.ts';
import { isMedsealError } from '../../../errors/isMedsealError.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import { encodePart } from '../../../fhir/encodePart.ts';
import { makeMedicationDispense } from '../../../fhir/makeMedicationDispense.ts';
import type { Submission } from '../../../protocol/AgentPort.ts';
import { seconds } from '../../../protocol/Clock.ts';
import { dispenseRefusal } from '../../../protocol/care/dispenseRefusal.ts';
import type { Dispense, PrescriptionFacts } from '../../../protocol/care/prescriptions.ts';
import type { Signed } from '../../../protocol/struct/requests.ts';
import { digestOf, sign } from '../../../protocol/struct/signing.ts';
import { doOnce } from '../../agent/doOnce.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import { sendLetter } from '../../letters/letters.ts';
import { rightFor } from '../../party/knownRights.ts';
import { nameOnDevice } from '../../party/nameOnDevice.ts';
import type { Party } from '../../party/Party.ts';
import { addRecord } from '../../records/addRecord.ts';
import { partOfDispense } from './addDispenses.ts';
import { awaitPrescription } from './confirmPrescription.ts';
import { contentHash } from './prescriptionRecord.ts';
import { readSlip, type SlipRead } from './readSlip.ts';
import type { Slip } from './Slip.ts';
import { submitCare } from './submitCare.ts';

/** A part of a prescription to be handed over. */
export interface NewDispense {
  /** Whole number of the prescription's units. */
  readonly amount: number;
  /** Words for the chart, such as product and lot. */
  readonly note?: string;
}

/** A part that was handed over. */
export interface Dispensed {
  readonly resource: MedicationDispense;
  /** The prescription after it. */
  readonly facts: PrescriptionFacts;
  /** The way in which the patient gets the MedicationDispense. */
  readonly returned: 'chart' | 'letter';
  /** True if an earlier run was cut off, and this is its dispense. */
  readonly already: boolean;
}

/** A dispense that was signed, and may have been sent. */
export interface DispenseToSend {
  readonly submission: Submission;
  readonly resource: MedicationDispense;
}

/**
 * Dispenses a part of a prescription: the ledger counts it once, or refuses it, whoever else dispenses at that moment.
 * Then the MedicationDispense returns to the patient: to the chart if the pharmacist has the right to add, else in a letter. Run
 * again after a crash or a lost answer with the same amount, it dispenses no second time. With another amount, the one that
 * was cut off is not sent again.
 *
 * @param party - The pharmacist.
 * @param slip - The prescription, as the patient showed it.
 * @param dispensed - Amount, and a note.
 * @throws MedsealError `RULE_REFUSED` with the reason of the contract, such as `PrescriptionIsEnded`, `AmountExceeded`,
 * `FillEarly` or `StepUnexpected`, then nothing was dispensed; `SLIP_INVALID`, `SLIP_REPLACED`, `RIGHT_MISSING` for
 * whoever is not a pharmacist; `EARLIER_STANDS` if one of another amount that was cut off is on the ledger, then this one is
 * not; `NOT_YET` while that one may still get there; `NOT_FOUND`, `RULE_UNCONFIRMED`, and those of `addRecord` once it is dispensed: run it
 * again.
 * @example
 * ```ts
 * const slip = parseSlip(prompt('Paste the prescription') ?? '');
 * const { facts } = await dispense(pharmacist, slip, { amount: 10, note: 'lot 4711' });
 * console.log(`${facts.dispensed} of ${facts.amount * facts.fills} dispensed`);
 * ```
 */
export async function dispense(
  party: Party,
  slip: Slip,
  dispensed: NewDispense,
): Promise<Dispensed> {
  const read = await readSlip(party, slip);
  const { done, already } = await doOnce(party, {
    name: nameOf(party, read),
    values: String(dispensed.amount),
    // An earlier one that was cut off may have gone before it.
    sign: async () => signDispense(party, await readSlip(party, slip), dispensed),
    send: async ({ submission }) => await submitCare(party, submission),
    placed: ({ submission }) => {
      const message = submission.request.message as Dispense;
      const { prescription, deadline, step } = message;
      return {
        query: { prescription, dispense: digestOf(party, 'Dispense', message) },
        deadline,
        isIn: (facts) => facts.dispense !== undefined,
        isOver: (facts) => facts.prescription !== undefined && facts.prescription.step >= step,
      };
    },
    describe: ({ submission }) =>
      `dispense of ${(submission.request.message as Dispense).amount} ${read.slip.prescription.terms.unit}`,
    finish: async (sent) => await finish(party, read, sent),
  });
  return { ...done, already };
}

async function finish(
  party: Party,
  read: SlipRead,
  sent: DispenseToSend,
): Promise<Omit<Dispensed, 'already'>> {
  const { step } = sent.submission.request.message as Dispense;
  const facts = await awaitPrescription(party, read.digest, (each) => each.step >= step);
  const returned = await giveBack(party, read, sent);
  return { resource: sent.resource, facts, returned };
}

/**
 * Signs a dispense with the slip's key and the pharmacist's, without sending it.
 *
 * @param party - The pharmacist.
 * @param read - The prescription, as the slip and the ledger have it.
 * @param dispensed - Amount, and a note.
 * @throws MedsealError `RULE_REFUSED` with the reason for which the contract would refuse it.
 */
export function signDispense(
  party: Party,
  { slip, digest, facts }: SlipRead,
  { amount, note }: NewDispense,
): DispenseToSend {
  const at = seconds(party.clock);
  const step = facts.step + 1;
  const reason = dispenseRefusal(facts, { step, amount }, at);
  if (reason !== undefined) throw new MedsealError('RULE_REFUSED', { reason });
  const pharmacist = party.address;
  const described = { prescription: digest, pharmacist, amount, at, ...(note && { note }) };
  const resource = makeMedicationDispense(slip.request, described);
  const message: Dispense = {
    prescription: digest,
    step,
    amount,
    terms: {
      pharmacist,
      content: contentHash(party.primitives, resource),
      salt: bytesToHex(party.random(16)),
    },
    deadline: at + 300,
  };
  const signingKey = hexToBytes(slip.key);
  const { signature } = sign(party, { address: facts.slip, signingKey }, 'Dispense', message);
  return {
    submission: { request: sign(party, party, 'Dispense', message), cosignature: signature },
    resource,
  };
}

/** Gives the patient the MedicationDispense. */
async function giveBack(
  party: Party,
  { slip }: SlipRead,
  { submission, resource }: DispenseToSend,
): Promise<Dispensed['returned']> {
  const { handle } = slip.prescription.terms;
  const message = submission.request.message as Dispense;
  const right = await rightFor(party, { handle, action: 'add', category: 'medications' });
  const { request, cosignature } = submission;
  const signed = { request: request as Signed<'Dispense'>, cosignature: cosignature ?? '0x' };
  if (right?.covers === true) {
    const added = await addRecord(party, {
      handle,
      grant: right.grant,
      purpose: right.grant.terms.purpose,
      category: 'medications',
      content: encodePart(partOfDispense({ ...signed, resource })),
      once: `dispense-${message.terms.salt.slice(2)}`,
    }).catch(unlessClosed);
    if (added !== undefined) return 'chart';
  }
  const { patient } = await confirmFacts(party, { handle });
  if (patient === undefined) throw new MedsealError('NOT_FOUND', { what: 'chart' });
  const { prescription, request: order } = slip;
  const dispensed = { ...signed, prescription, order, resource };
  await sendLetter(party, patient.controller, { dispensed }, { step: signed.request });
  return 'letter';
}

/**
 * Passes every error on but that the chart is closed to the pharmacist: the ledger counted the dispense before the right ended or
 * the patient died, so the patient is told by letter.
 */
function unlessClosed(error: unknown): undefined {
  const codes = ['CHART_FROZEN', 'RIGHT_ENDED', 'RIGHT_MISSING'] as const;
  if (!codes.some((code) => isMedsealError(error, code))) throw error;
}

function nameOf(party: Party, { digest }: SlipRead): string {
  return `dispense-${nameOnDevice(party, utf8ToBytes(digest))}`;
}
