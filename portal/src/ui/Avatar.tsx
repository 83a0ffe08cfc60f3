import type { ReactNode } from 'react';
import classes from './Avatar.module.css';
import { initialsOf } from './initialsOf.ts';

/** Properties of `Avatar`. */
export interface AvatarProps {
  readonly name: string;
}

/** The initials of a person beside the name, which a screen reader reads anyway. */
export function Avatar({ name }: AvatarProps): ReactNode {
  return (
    <span className={classes['avatar']} aria-hidden="true" translate="no">
      {initialsOf(name)}
    </span>
  );
}
