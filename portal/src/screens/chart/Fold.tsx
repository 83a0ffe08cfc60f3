import { useState, type ReactNode } from 'react';

/** Properties of `Fold`. */
export interface FoldProps {
  readonly label: ReactNode;
  /** True while the page is printed: everything is unfolded. */
  readonly printing: boolean;
  readonly children: () => ReactNode;
}

/** A part that is drawn when somebody opens it. */
export function Fold({ label, printing, children }: FoldProps): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <details
      className="fold"
      open={open || printing}
      onToggle={(event) => {
        if (!printing) setOpen(event.currentTarget.open);
      }}
    >
      <summary>{label}</summary>
      {(open || printing) && children()}
    </details>
  );
}
