import type { ReactNode } from 'react';
import { initialsOf } from './initialsOf.ts';
import { Mark } from './Mark.tsx';

/** Properties of `Avatar`. */
export interface AvatarProps {
  readonly name: string;
}

/** The initials of a person beside the name, which a screen reader reads anyway. */
export function Avatar({ name }: AvatarProps): ReactNode {
  return <Mark isRound>{initialsOf(name)}</Mark>;
}
