import { isMedsealError } from '../../../errors/isMedsealError.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import type { Prescription } from '../../../protocol/care/prescriptions.ts';
import { seconds } from '../../../protocol/Clock.ts';
import type { Hex } from '../../../protocol/ids.ts';
import type { Submission } from '../../../protocol/AgentPort.ts';
import { isFinalRefusal } from '../../agent/isFinalRefusal.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import type { Party } from '../../party/Party.ts';
import { awaitPrescription } from './confirmPrescription.ts';
import type { NewPrescription } from './NewPrescription.ts';
import type { PrescriptionIssued, PrescriptionSigned } from './PrescriptionSigned.ts';
import { forgetSignedOrder, keepSignedOrder, signedOrder } from './signedOrders.ts';
import { submitCare } from './submitCare.ts';
import { takeBackOrder } from './takeBackOrder.ts';

/**
 * Has a signed prescription put on the ledger. Safe to repeat. If the ledger refuses one that both doctors signed, its
 * MedicationRequest is taken off the chart at once, on the device that signed it: both see there that it does not hold.
 *
 * @param party - The prescriber.
 * @param signed - The prescription.
 * @param cosignature - Signature of the second doctor, if it names one.
 * @throws MedsealError `SECOND_MISSING`, `SIGNATURE_INVALID`, `RIGHT_MISSING`, `REQUEST_LATE`, `RULE_REFUSED`,
 * `RULE_UNCONFIRMED`; `ORDER_CLOSED` once it was refused and taken off the chart: prescribe it again.
 * @example
 * ```ts
 * const cosignature = signBeside(colleague, signed.message);
 * const { digest, already } = await placePrescription(doctor, signed, cosignature);
 * console.log(already ? 'It was issued before.' : `Issued as ${digest}.`);
 * ```
 */
export async function placePrescription(
  party: Party,
  signed: Omit<PrescriptionSigned, 'order'>,
  cosignature?: Hex,
): Promise<PrescriptionIssued> {
  const { digest, message } = signed;
  const beside = cosignature !== undefined && { cosignature };
  const kept = await signedOrder(party, digest);
  const hasBoth = (cosignature ?? signed.submission.cosignature) !== undefined;
  const withdraw = async (order: NewPrescription, refusal: unknown): Promise<void> => {
    const { deadline } = message;
    // First, so that a run that is cut off here does not send it again.
    await keepSignedOrder(party, digest, deadline, { order, refused: true });
    const became = await unlessCut(takeBackOrder(party, order));
    if (became === 'issued') return;
    if (became === 'left')
      await keepSignedOrder(party, digest, deadline, { order, refused: false });
    throw refusal;
  };
  const issued = await placePrepared(
    party,
    signed,
    { ...beside },
    async (refusal) => {
      if (kept === undefined || !hasBoth || !isOver(party, message, refusal)) throw refusal;
      await withdraw(kept.order, refusal);
    },
    async () => {
      if (kept?.refused !== true) return;
      const how = 'the ledger refused it, and it was taken off the chart';
      await withdraw(kept.order, new MedsealError('ORDER_CLOSED', { how }));
    },
  );
  await forgetSignedOrder(party, digest);
  return issued;
}

/** Tells whether a refusal ends a prescription that both doctors signed, and another signature or time changes nothing. */
function isOver(
  { clock }: Pick<Party, 'clock'>,
  { deadline }: Prescription,
  refusal: unknown,
): boolean {
  if (isMedsealError(refusal, 'REQUEST_LATE')) return deadline < seconds(clock);
  const isOfSignature =
    isMedsealError(refusal, 'SIGNATURE_INVALID') || isMedsealError(refusal, 'SECOND_MISSING');
  return isFinalRefusal(refusal) && !isOfSignature;
}

/**
 * Has a signed prescription put on the ledger, unless it is there, and waits until k organisations confirm it.
 *
 * @param party - The prescriber.
 * @param signed - The prescription.
 * @param beside - Signature of the second doctor, if it names one.
 * @param onRefused - Told of a refusal; throws one that stands.
 * @param beforeSent - Called before it is sent, if the ledger does not have it.
 */
export async function placePrepared(
  party: Party,
  { digest, message, submission }: Omit<PrescriptionSigned, 'order'>,
  beside: Pick<Submission, 'cosignature'>,
  onRefused: (refusal: unknown) => Promise<void>,
  beforeSent = async (): Promise<void> => await Promise.resolve(),
): Promise<PrescriptionIssued> {
  const { prescription: before } = await confirmFacts(party, { prescription: digest });
  if (before === undefined) {
    await beforeSent();
    await submitCare(party, { ...submission, ...beside }).catch(onRefused);
  }
  await awaitPrescription(party, digest, ({ prescriber }) => prescriber === party.address);
  return { digest, record: message.terms.record, already: before !== undefined };
}

/**
 * Does a step that may be cut off, of which the next run for the order does the rest.
 *
 * @param step - The step.
 * @returns Undefined if it was cut off.
 */
export async function unlessCut<Done>(step: Promise<Done>): Promise<Done | undefined> {
  try {
    return await step;
  } catch (error) {
    if (!isMedsealError(error)) throw error;
    return undefined;
  }
}
