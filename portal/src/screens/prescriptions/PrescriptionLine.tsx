import type { ReactNode } from 'react';
import type { PrescriptionListed } from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import type { Session } from '../../session/Session.ts';
import { useWords } from '../../words/useWords.tsx';

/** Properties of `PrescriptionLine`. */
export interface PrescriptionLineProps {
  readonly session: Session;
  readonly listed: Pick<PrescriptionListed, 'message' | 'facts'>;
}

/** A prescription in a few lines: the medicine, its state, and how much of it was dispensed. */
export function PrescriptionLine({ session, listed }: PrescriptionLineProps): ReactNode {
  const { say, day } = useWords();
  const { message, facts } = listed;
  const { medicine, unit } = message.terms;
  const state = stateInWords(listed, seconds(session.party.clock));
  const whole = message.amount * message.fills;
  return (
    <>
      <strong>{visibleText(medicine)}</strong>
      <span>{say(`medicines.state-${state}`)}</span>
      {facts !== undefined && (
        <span className="by">
          {say('medicines.left', { dispensed: facts.dispensed, whole, unit: visibleText(unit) })}
          {' · '}
          {say('medicines.until', { when: day(facts.until) })}
        </span>
      )}
    </>
  );
}

/**
 * Returns the state of a prescription as a person thinks of it.
 *
 * @param listed - The prescription.
 * @param at - The moment, Unix seconds.
 */
export function stateInWords(
  { facts }: Pick<PrescriptionListed, 'facts'>,
  at: number,
): 'active' | 'held' | 'ended' | 'done' | 'expired' | 'unissued' {
  if (facts === undefined) return 'unissued';
  if (facts.state !== 'active') return facts.state;
  if (facts.dispensed === facts.amount * facts.fills) return 'done';
  return at >= facts.until ? 'expired' : 'active';
}
