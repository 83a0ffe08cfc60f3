import type { ButtonHTMLAttributes, ReactNode } from 'react';
import classes from './Button.module.css';

/** Properties of `Button`: those of HTML's button, and its weight. */
export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `main` is the one thing that the screen is for; `danger` ends or removes something. */
  readonly kind?: 'main' | 'plain' | 'danger' | 'quiet';
  /** True while what it began is under way: it stays in place and does nothing. */
  readonly busy?: boolean;
  readonly children: ReactNode;
}

/** A button that cannot be pressed twice while it works. */
export function Button({ kind = 'plain', busy = false, onClick, ...rest }: ButtonProps): ReactNode {
  return (
    <button
      type="button"
      {...rest}
      className={[classes['button'], classes[kind]].filter(Boolean).join(' ')}
      aria-disabled={busy || rest.disabled === true}
      aria-busy={busy}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    />
  );
}
