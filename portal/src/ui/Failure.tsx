import type { ReactNode } from 'react';
import { toMedsealError } from '../../../src/errors/toMedsealError.ts';
import { useWords } from '../words/useWords.tsx';
import { Button } from './Button.tsx';
import { Notice } from './Notice.tsx';

/** Properties of `Failure`. */
export interface FailureProps {
  readonly error: unknown;
  /** Words in place of those that its code has elsewhere. */
  readonly title?: string | undefined;
  /** Tries the same again, if that can help. */
  readonly again?: () => void;
}

/** Tells what went wrong and what to do, in the person's language where the portal has words for it. */
export function Failure({ error, title, again }: FailureProps): ReactNode {
  const { say, sayIfKnown } = useWords();
  const { code, message } = toMedsealError(error);
  const own = title ?? sayIfKnown(`errors.${code}`);
  return (
    <Notice kind="bad" title={own ?? message}>
      <details>
        <summary>{say('common.details')}</summary>
        <p>
          {message} <code>{code}</code>
        </p>
      </details>
      {again !== undefined && <Button onClick={again}>{say('common.again')}</Button>}
    </Notice>
  );
}
