import type { ReactNode } from 'react';
import classes from './Hash.module.css';

/** Properties of `Hash`. */
export interface HashProps {
  /** A hash or an address, in hexadecimal. */
  readonly value: string;
  /** Address of the screen that tells more, after the `#`. */
  readonly to?: string;
}

/** A hash by its beginning and end, with the whole of it a tap away. */
export function Hash({ value, to }: HashProps): ReactNode {
  const short = value.length > 20 ? `${value.slice(0, 10)}…${value.slice(-4)}` : value;
  if (to !== undefined) {
    return (
      <a href={`#${to}`} className={classes['hash']}>
        <code>{short}</code>
      </a>
    );
  }
  if (short === value) return <code>{value}</code>;
  return (
    <details className={classes['hash']}>
      <summary>
        <code>{short}</code>
      </summary>
      <code>{value}</code>
    </details>
  );
}
