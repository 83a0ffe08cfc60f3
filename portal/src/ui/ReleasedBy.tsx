import type { ReactNode } from 'react';
import type { Organisation } from '../../../src/protocol/ids.ts';
import { useWords } from '../words/useWords.tsx';

/** Properties of `Released`. */
export interface ReleasedByProps {
  /** Organisations that released shares; undefined if it opened without a release. */
  readonly by: readonly Organisation[] | undefined;
}

/** Says which organisations released what is shown. */
export function ReleasedBy({ by = [] }: ReleasedByProps): ReactNode {
  const { say } = useWords();
  if (by.length === 0) return null;
  return <p className="by">{say('records.released', { organisations: by.join(', ') })}</p>;
}
