import { useLayoutEffect, useRef, type ReactNode } from 'react';
import { MissingHeading } from './MissingHeading.ts';
import classes from './Page.module.css';

/** Properties of `Page`. */
export interface PageProps {
  readonly title: string;
  /** A sentence below the title. */
  readonly lead?: ReactNode;
  /** The one thing that the screen is for, beside its heading. */
  readonly act?: ReactNode;
  readonly children: ReactNode;
}

/** A screen with its heading, which gets the focus so that a screen reader says where the person is. */
export function Page({ title, lead, act, children }: PageProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  // Later than what it shows, it would take the focus from somebody who types already.
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), [title]);
  return (
    <section>
      <div className={classes['head']}>
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead !== undefined && <p className={classes['lead']}>{lead}</p>}
        </div>
        {act}
      </div>
      <MissingHeading value={undefined}>{children}</MissingHeading>
    </section>
  );
}
