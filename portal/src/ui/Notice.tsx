import type { ReactNode } from 'react';

const MARKS = { good: '✓', bad: '✗', warn: '!', note: 'i' } as const;

/** Properties of `Notice`. */
export interface NoticeProps {
  readonly kind?: keyof typeof MARKS;
  readonly title?: string;
  readonly children?: ReactNode;
}

/** A report of what happened, with a mark that does not depend on colour; read out as it appears. */
export function Notice({ kind = 'note', title, children }: NoticeProps): ReactNode {
  return (
    <div className={`notice ${kind}`} role={kind === 'bad' ? 'alert' : 'status'}>
      <span className="mark" aria-hidden="true">
        {MARKS[kind]}
      </span>
      <div>
        {title !== undefined && <strong>{title}</strong>}
        {children}
      </div>
    </div>
  );
}
