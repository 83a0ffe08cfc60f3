import type { ReactNode } from 'react';
import { Choices } from '../../ui/Choices.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ClaimStepProps } from './ClaimWho.tsx';
import { useRecordInWords } from './useRecordInWords.ts';
import panelLook from '../../ui/Panel.module.css';

/** Properties of `FurtherRecords`. */
export interface FurtherRecordsProps extends Pick<
  ClaimStepProps,
  'session' | 'ground' | 'typed' | 'change'
> {
  /** True while the claim is signed: nothing can be chosen then. */
  readonly busy: boolean;
}

/** Records that the insurer may read beside those that a claim names anyway. */
export function FurtherRecords(props: FurtherRecordsProps): ReactNode {
  const { session, ground, typed, change, busy } = props;
  const { say } = useWords();
  const inWords = useRecordInWords(session, ground.handle);
  const others = ground.others.filter(({ record }) => record !== typed.treated);
  if (others.length === 0 || busy) return null;
  return (
    <details className={panelLook['aside']}>
      <summary>{say('claims.further')}</summary>
      <Choices
        legend={say('claims.further-records')}
        choices={others.map((record) => ({ value: record.record, label: inWords(record) }))}
        chosen={typed.further}
        onChange={(chosen) => change({ further: chosen })}
      />
    </details>
  );
}
