import { useState, type ReactNode } from 'react';
import classes from './Fold.module.css';
import itemLook from './ItemList.module.css';

/** Properties of `Fold`. */
export interface FoldProps {
  readonly label: ReactNode;
  /** True while the page is printed: everything is unfolded. */
  readonly printing: boolean;
  /** True if it is a line of a list, as those of `ItemList` are; false if absent. */
  readonly isItem?: boolean;
  readonly children: () => ReactNode;
}

/** A part that is drawn when somebody opens it. */
export function Fold({ label, printing, isItem = false, children }: FoldProps): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <details
      className={isItem ? itemLook['item'] : classes['fold']}
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
