import type { ReactNode } from 'react';
import type { Flag } from '../fhir/flagOf.ts';
import { useWords } from '../words/useWords.tsx';
import classes from './FlagText.module.css';

const MARKS = { up: '▲', down: '▼', odd: '■', none: '' } as const;

/** Says in a sign and a word how a value compares with its reference range. */
export function FlagText({ flag }: { readonly flag: Flag | undefined }): ReactNode {
  const { say } = useWords();
  if (flag === undefined) return null;
  const { direction, word, told } = flag;
  return (
    <span className={direction === 'none' ? undefined : `${classes['flag']} ${classes['odd']}`}>
      <span aria-hidden="true">{MARKS[direction]}</span> {say(word)}
      {!told && direction !== 'none' && ` (${say('chart.by-range')})`}
    </span>
  );
}
