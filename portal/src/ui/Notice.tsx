import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import classes from './Notice.module.css';

const MARKS = {
  good: 'check',
  bad: 'circle-alert',
  warn: 'triangle-alert',
  note: 'info',
} as const;

/** Properties of `Notice`. */
export interface NoticeProps {
  readonly kind?: keyof typeof MARKS;
  readonly title?: string;
  readonly children?: ReactNode;
}

/** A report of what happened, with a mark that does not depend on colour; read out as it appears. */
export function Notice({ kind = 'note', title, children }: NoticeProps): ReactNode {
  return (
    <div
      className={`${classes['notice']} ${classes[kind]}`}
      role={kind === 'bad' ? 'alert' : 'status'}
    >
      <Icon name={MARKS[kind]} />
      <div>
        {title !== undefined && <strong>{title}</strong>}
        {children}
      </div>
    </div>
  );
}
