import type { ReactNode } from 'react';
import type { PrescriptionListed } from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { overrideIn } from '../../../../src/fhir/makeMedicationRequest.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import {
  prescriptionStanding,
  type PrescriptionStanding,
} from '../../../../src/protocol/care/prescriptionStanding.ts';
import type { Session } from '../../session/Session.ts';
import { unturned } from '../../words/readingOrder.ts';
import { slipNumber } from './slipNumber.ts';
import type { WordKey } from '../../words/WordKey.ts';
import { useWords } from '../../words/useWords.tsx';

/** Properties of `PrescriptionLine`. */
export interface PrescriptionLineProps {
  readonly session: Session;
  readonly listed: Pick<PrescriptionListed, 'digest' | 'message' | 'facts' | 'request'>;
}

/** A prescription in a few lines: the medicine, its state, and how much of it was dispensed. */
export function PrescriptionLine({ session, listed }: PrescriptionLineProps): ReactNode {
  const { say, day, locale } = useWords();
  const { digest, message, facts, request } = listed;
  const overridden = overrideIn(request);
  const { medicine, unit } = message.terms;
  const standing = prescriptionStanding(facts, seconds(session.party.clock));
  const whole = message.amount * message.fills;
  return (
    <>
      <strong>{visibleText(medicine)}</strong>
      <span>{say(WORDS[standing])}</span>
      <span className="by">
        {say('medicines.number-of', { number: unturned(slipNumber(digest), locale) })}
      </span>
      {facts !== undefined && (
        <span className="by">
          {say('medicines.left', { dispensed: facts.dispensed, whole, unit: visibleText(unit) })}
          {' · '}
          {say('medicines.until', { when: day(facts.until) })}
        </span>
      )}
      {overridden !== undefined && (
        <span>{say('medicines.overridden', { reason: visibleText(overridden, 200) })}</span>
      )}
    </>
  );
}

/**
 * Tells whether something may be dispensed of a prescription, now or later.
 *
 * @param listed - The prescription.
 * @param at - The moment, Unix seconds.
 */
export function isOpen({ facts }: Pick<PrescriptionListed, 'facts'>, at: number): boolean {
  return ['early', 'active', 'held'].includes(prescriptionStanding(facts, at));
}

const WORDS: Readonly<Record<PrescriptionStanding, WordKey>> = {
  unissued: 'medicines.state-unissued',
  early: 'medicines.state-early',
  active: 'medicines.state-active',
  dispensed: 'medicines.state-done',
  completed: 'medicines.state-done',
  held: 'medicines.state-held',
  cancelled: 'medicines.state-cancelled',
  replaced: 'medicines.state-replaced',
  expired: 'medicines.state-expired',
};
