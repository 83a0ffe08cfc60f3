import type { ReactNode } from 'react';
import { useWords } from '../../words/useWords.tsx';
import type { RightRead } from './rightOnBanner.ts';

/** Properties of `RightSaid`. */
export interface RightSaidProps {
  readonly right: Omit<RightRead, 'handle'>;
}

/** Purpose and end of the right by which somebody reads; a patient's own chart has no end. */
export function RightSaid({ right: { purpose, grant } }: RightSaidProps): ReactNode {
  const { say, moment } = useWords();
  return (
    <>
      <strong>{say(`common.purpose-${purpose}`)}</strong>{' '}
      {grant !== undefined && (
        <span>{say('chart.until', { until: moment(grant.terms.until) })}</span>
      )}
    </>
  );
}
