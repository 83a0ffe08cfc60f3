import type { ReactNode } from 'react';
import classes from './Mark.module.css';

/** Properties of `Mark`. */
export interface MarkProps {
  /** Colour, which says nothing that the words beside it do not say. */
  readonly tone?: 'good' | 'danger' | undefined;
  /** True for a person. */
  readonly isRound?: boolean;
  /** A drawing, or initials. */
  readonly children: ReactNode;
}

/** Stands before what it marks, as an eye does before a look; the words beside it say the same to a screen reader. */
export function Mark({ tone, isRound = false, children }: MarkProps): ReactNode {
  const names = [classes['mark'], isRound && classes['round'], tone && classes[tone]];
  return (
    <span className={names.filter(Boolean).join(' ')} aria-hidden="true" translate="no">
      {children}
    </span>
  );
}
