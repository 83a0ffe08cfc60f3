import { useLayoutEffect, useRef, type ReactNode } from 'react';
import { Button } from '../ui/Button.tsx';
import { useWords } from '../words/useWords.tsx';
import type { DeskLines } from './DeskKind.ts';

/** Properties of `DeskDetail`. */
export interface DeskDetailProps extends DeskLines {
  /** Reads it again. */
  readonly onRefresh?: () => void;
  /** Shows the queue again. */
  readonly onBack: () => void;
  readonly children: ReactNode;
}

/** One item of a desk with its decision; the heading gets the focus. */
export function DeskDetail(props: DeskDetailProps): ReactNode {
  const { title, lines, onRefresh, onBack, children } = props;
  const { say } = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <section>
      <h2 ref={heading} tabIndex={-1}>
        {title}
      </h2>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <p className="row">
        {onRefresh !== undefined && <Button onClick={onRefresh}>{say('common.refresh')}</Button>}
        <Button onClick={onBack}>{say('common.back')}</Button>
      </p>
      {children}
    </section>
  );
}
