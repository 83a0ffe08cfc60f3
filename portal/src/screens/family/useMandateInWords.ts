import { hasPower } from '../../../../src/protocol/rights/judgeMandate.ts';
import type { Mandate } from '../../../../src/protocol/care/mandates.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { useWords } from '../../words/useWords.tsx';

/** The part of a mandate that people read. */
export type MandateSaid = Pick<Mandate, 'powers'> & {
  readonly terms: Pick<Mandate['terms'], 'reason' | 'until' | 'audit'>;
};

/** Says in words what a mandate gives, until when and why. */
export function useMandateInWords(): (mandate: MandateSaid) => readonly string[] {
  const { say, moment } = useWords();
  return ({ terms, powers }) => [
    say('family.until', { until: moment(terms.until) }),
    say('family.reason', { reason: visibleText(terms.reason) }),
    say('family.reads'),
    say(terms.audit ? 'family.audits' : 'family.no-audit'),
    say(hasPower({ powers }, 'appoint') ? 'family.appoints' : 'family.no-appoint'),
  ];
}
