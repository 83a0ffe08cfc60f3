import type { ReactNode } from 'react';
import classes from './StateText.module.css';

/** Properties of `StateText`. */
export interface StateTextProps {
  /** `holds`, `expired` and `suspended` have a colour; others have none. */
  readonly state?: string | undefined;
  readonly children: ReactNode;
}

/** Says how it stands with a right, a request or a device. */
export function StateText({ state = '', children }: StateTextProps): ReactNode {
  const names = [classes['state'], classes[state]];
  return <span className={names.filter(Boolean).join(' ')}>{children}</span>;
}
