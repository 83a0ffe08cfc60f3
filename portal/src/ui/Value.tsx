import type { ReactNode } from 'react';

/** Properties of `Value`. */
export interface ValueProps {
  /** Words that are read from left to right in every language. */
  readonly children: ReactNode;
}

/** A measured value, a range, a unit or the name of a file: `132 / 82 mmHg` stays as it is written in a language that is written from right to left. */
export function Value({ children }: ValueProps): ReactNode {
  return <bdi dir="ltr">{children}</bdi>;
}
