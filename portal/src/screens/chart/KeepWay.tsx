import { useState, type ReactNode } from 'react';
import type { KeepOnDeviceProps } from '../kept/KeepOnDevice.tsx';
import { useWords } from '../../words/useWords.tsx';
import { Button } from '../../ui/Button.tsx';
import { Later } from '../../ui/Later.tsx';

const load = async () => (await import('../kept/KeepOnDevice.tsx')).KeepOnDevice;

/** Properties of `KeepWay`. */
export interface KeepWayProps extends KeepOnDeviceProps {
  /** Title of the record, for whoever hears the button without seeing where it stands. */
  readonly title: string;
}

/** Leads from a record to keeping it on this device. */
export function KeepWay({ title, ...props }: KeepWayProps): ReactNode {
  const { say } = useWords();
  const [open, setOpen] = useState(false);
  // A device keeps records of its own person alone.
  if (props.session.acting !== undefined) return null;
  return (
    <>
      <p className="row">
        <Button
          aria-expanded={open}
          aria-label={say('kept.open-of', { title })}
          onClick={() => setOpen(!open)}
        >
          {say('kept.open')}
        </Button>
      </p>
      {open && <Later load={load}>{(KeepOnDevice) => <KeepOnDevice {...props} />}</Later>}
    </>
  );
}
