import type { ReactNode } from 'react';
import classes from './Pending.module.css';

/** Properties of `Pending`. */
export interface PendingProps {
  /** The work that the person waits for. */
  readonly what: string;
  /** Part that is done, from 0 to 1, if it is known. */
  readonly done?: number | undefined;
}

/** Says what is happening while the person waits. */
export function Pending({ what, done }: PendingProps): ReactNode {
  return (
    <div className={classes['wait']} role="status">
      <progress aria-label={what} {...(done !== undefined && { value: done, max: 1 })} />
      <span>{what}</span>
    </div>
  );
}
