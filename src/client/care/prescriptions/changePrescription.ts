import { MedsealError } from '../../../errors/MedsealError.ts';
import { seconds } from '../../../protocol/Clock.ts';
import type { Bytes32 } from '../../../protocol/ids.ts';
import type { PrescriptionFacts } from '../../../protocol/care/prescriptions.ts';
import { sign } from '../../../protocol/struct/signing.ts';
import type { Party } from '../../party/Party.ts';
import { awaitPrescription, confirmPrescription } from './confirmPrescription.ts';
import { submitCare } from './submitCare.ts';

/**
 * Holds a prescription back, or lets it go on. A dispense that was signed before is refused. One that is so already is
 * left alone.
 *
 * @param party - The prescriber.
 * @param prescription - Its digest.
 * @param held - True to hold it back.
 * @throws MedsealError `RIGHT_MISSING` for anybody but the prescriber; `RULE_REFUSED` if it has ended, or a pharmacist was
 * faster (`StepUnexpected`): run it again; `NOT_FOUND`, `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const { state } = await holdPrescription(doctor, digest, true);
 * console.log(`It is ${state}.`);
 * await holdPrescription(doctor, digest, false);
 * ```
 */
export async function holdPrescription(
  party: Party,
  prescription: Bytes32,
  held: boolean,
): Promise<PrescriptionFacts> {
  const facts = await standing(party, prescription);
  const state = held ? 'held' : 'active';
  if (facts.state === state) return facts;
  const deadline = seconds(party.clock) + 300;
  const message = { prescription, step: facts.step + 1, held, deadline };
  await submitCare(party, { request: sign(party, party, 'HoldPrescription', message) });
  return await awaitPrescription(party, prescription, ({ step }) => step >= message.step);
}

/**
 * Ends a prescription: nothing is dispensed of it any more. One that is cancelled already is left alone.
 *
 * @param party - The prescriber.
 * @param prescription - Its digest.
 * @throws MedsealError `RIGHT_MISSING` for anybody but the prescriber; `RULE_REFUSED` if another took its place;
 * `NOT_FOUND`, `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const { dispensed } = await cancelPrescription(doctor, digest);
 * console.log(`It is over; ${dispensed} were dispensed before.`);
 * ```
 */
export async function cancelPrescription(
  party: Party,
  prescription: Bytes32,
): Promise<PrescriptionFacts> {
  const facts = await confirmPrescription(party, prescription);
  if (facts.prescriber !== party.address) throw new MedsealError('RIGHT_MISSING', {});
  if (facts.state === 'ended' && facts.replacement === undefined) return facts;
  const message = { prescription, deadline: seconds(party.clock) + 300 };
  await submitCare(party, { request: sign(party, party, 'CancelPrescription', message) });
  return await awaitPrescription(party, prescription, ({ state }) => state === 'ended');
}

async function standing(party: Party, prescription: Bytes32): Promise<PrescriptionFacts> {
  const facts = await confirmPrescription(party, prescription);
  if (facts.prescriber !== party.address) throw new MedsealError('RIGHT_MISSING', {});
  if (facts.state === 'ended')
    throw new MedsealError('RULE_REFUSED', { reason: 'PrescriptionIsEnded' });
  return facts;
}
