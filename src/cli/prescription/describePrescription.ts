import { visibleText } from '../../errors/visibleText.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import {
  prescriptionStanding,
  type PrescriptionStanding,
} from '../../protocol/care/prescriptionStanding.ts';
import type { PrescriptionFacts, PrescriptionTerms } from '../../protocol/care/prescriptions.ts';
import { describeMoment } from '../describeBody.ts';
import { reasonInWords } from '../program/reasonInWords.ts';
import type { PRESCRIPTION_TOLD } from './prescriptionAnswers.ts';

/** A prescription as `--json` has it. */
export function prescriptionForPrograms(
  prescription: Bytes32,
  facts: PrescriptionFacts,
): Of<typeof PRESCRIPTION_TOLD> {
  const { state, dispensed, amount, fills, interval, prescriber, from, until } = facts;
  const { replacement } = facts;
  return {
    prescription,
    state,
    dispensed,
    whole: amount * fills,
    amount,
    fills,
    interval,
    prescriber,
    from,
    until,
    ...(replacement !== undefined && { replacement }),
  };
}

/**
 * Says in a line what became of a prescription.
 *
 * @param facts - The prescription as the ledger has it; undefined if it does not.
 * @param at - The moment, Unix seconds.
 */
export function describeState(facts: PrescriptionFacts | undefined, at: number): string {
  if (facts === undefined) return WORDS.unissued;
  const { dispensed, amount, fills, from, until } = facts;
  const counted = `${dispensed} of ${amount * fills} dispensed`;
  const standing = prescriptionStanding(facts, at);
  if (standing === 'early') return `from ${describeMoment(from)}, ${counted}`;
  if (standing === 'active') return `${counted}, until ${describeMoment(until)}`;
  return `${WORDS[standing]}, ${counted}`;
}

const WORDS: Readonly<Record<Exclude<PrescriptionStanding, 'early' | 'active'>, string>> = {
  unissued: 'never issued',
  dispensed: 'done',
  completed: 'done',
  held: 'held back',
  cancelled: 'cancelled',
  replaced: 'replaced',
  expired: 'expired',
};

/** Medicine and unit, which others wrote, in a line. */
export function describeMedicine({ medicine }: Pick<PrescriptionTerms, 'medicine'>): string {
  return visibleText(medicine, 96);
}

/** The contract's reasons, in words for people. */
const REASONS: Readonly<Record<string, string>> = {
  PrescriptionIsEnded: 'it was cancelled, or another prescription took its place',
  PrescriptionIsHeld: 'the prescriber holds it back',
  PrescriptionOutOfTime: 'it is too early, or too late',
  StepUnexpected: 'another pharmacy or the prescriber was faster; read it again',
  AmountExceeded: 'less than that is left of this fill',
  FillEarly: 'the next fill is not due yet',
};

/**
 * Says what the ledger's refusal of a dispense or a change means.
 *
 * @param error - Error that was thrown.
 * @returns The same error, with a reason that people understand if there is one.
 */
export function inWords(error: unknown): unknown {
  return reasonInWords(error, REASONS);
}
