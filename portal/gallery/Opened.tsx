import { useState, type ReactNode } from 'react';
import { Button } from '../src/ui/Button.tsx';

/** Properties of `Opened`. */
export interface OpenedProps {
  readonly label: string;
  /** Draws what the button opens. */
  readonly children: (close: () => void) => ReactNode;
}

/** A button in place of something that would stand in front of the whole gallery. */
export function Opened({ label, children }: OpenedProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{label}</Button>
      {isOpen && children(() => setOpen(false))}
    </>
  );
}
