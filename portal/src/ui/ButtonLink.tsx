import type { ReactNode } from 'react';
import { Link } from 'wouter';
import classes from './Button.module.css';

/** Properties of `ButtonLink`. */
export interface ButtonLinkProps {
  /** Path of the screen that it leads to. */
  readonly href: string;
  /** `main` is the one thing that the screen is for. */
  readonly kind?: 'main' | 'plain';
  readonly children: ReactNode;
}

/** A link to another screen that looks like a button. */
export function ButtonLink({ kind = 'plain', ...rest }: ButtonLinkProps): ReactNode {
  return (
    <Link
      {...rest}
      className={kind === 'main' ? `${classes['button']} ${classes['main']}` : classes['button']}
    />
  );
}
