import type { ReactNode } from 'react';
import { useWords } from '../words/useWords.tsx';
import { Button } from './Button.tsx';
import { Notice } from './Notice.tsx';

/** Properties of `AsOf`. */
export interface AsOfProps {
  /** Moment of what is shown, Unix seconds; nothing is said without one. */
  readonly at: number | undefined;
  /** Asks the node again. */
  readonly again?: () => void;
}

/** Says that no node can be reached, and of which moment the things below are. */
export function AsOf({ at, again }: AsOfProps): ReactNode {
  const { say, moment } = useWords();
  if (at === undefined) return null;
  return (
    <Notice title={say('common.as-of', { when: moment(at) })}>
      {again !== undefined && <Button onClick={again}>{say('common.again')}</Button>}
    </Notice>
  );
}
