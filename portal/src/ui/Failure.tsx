import { useContext, type ReactNode } from 'react';
import { isMedsealError } from '../../../src/errors/isMedsealError.ts';
import { toMedsealError } from '../../../src/errors/toMedsealError.ts';
import { visibleText } from '../../../src/errors/visibleText.ts';
import { sayCode } from '../words/sayCode.ts';
import { useWords } from '../words/useWords.tsx';
import { Button } from './Button.tsx';
import { MissingHeading } from './MissingHeading.ts';
import { Notice } from './Notice.tsx';
import { Page } from './Page.tsx';

/** Characters of a text of others that are shown. */
const LONGEST = 400;

/** Properties of `Failure`. */
export interface FailureProps {
  /** Without it nothing is shown. */
  readonly error: unknown;
  /** Words in place of those that its code has elsewhere. */
  readonly title?: string | undefined;
  /** Tries the same again, if that can help. */
  readonly again?: (() => void) | undefined;
}

/**
 * Tells what went wrong and what to do, in the person's language where the portal has words for it; below a heading, if the screen
 * has none yet.
 */
export function Failure({ error, title, again }: FailureProps): ReactNode {
  const words = useWords();
  const { say } = words;
  const heading = useContext(MissingHeading);
  if (error === undefined) return null;
  const { code, message } = toMedsealError(error);
  const own = title ?? sayCode(words, code);
  const notice = (
    <Notice kind="bad" title={own ?? message}>
      {isMedsealError(error, 'RELEASE_PENDING') && (
        <p>
          {say('records.release-missing', {
            organisations: visibleText(error.values.missing, LONGEST),
          })}
        </p>
      )}
      <details>
        <summary>{say('common.details')}</summary>
        <p>
          {message} <code>{code}</code>
        </p>
      </details>
      {again !== undefined && <Button onClick={again}>{say('common.again')}</Button>}
    </Notice>
  );
  return heading === undefined ? notice : <Page title={heading}>{notice}</Page>;
}
