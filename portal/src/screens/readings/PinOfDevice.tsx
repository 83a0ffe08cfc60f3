import { useState, type ReactNode } from 'react';
import { pinOfDevice } from '../../../../src/client/index.ts';
import type { Handle } from '../../../../src/protocol/ids.ts';
import type { Session } from '../../session/Session.ts';
import { Button } from '../../ui/Button.tsx';
import { Qr } from '../../ui/Qr.tsx';
import { saveFile } from '../../ui/saveFile.ts';
import { useWords } from '../../words/useWords.tsx';

/** Properties of `PinOfDevice`. */
export interface PinOfDeviceProps {
  readonly session: Session;
  /** The chart that the device is bound to. */
  readonly handle: Handle;
}

/**
 * Offers what a device that seals its own readings must be given by its patient: as a file, and as a code.
 * The file is the one that `medseal device bind --pin` writes.
 */
export function PinOfDevice({ session: { party }, handle }: PinOfDeviceProps): ReactNode {
  const { say } = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{say('readings.pin')}</summary>
      {isOpen && <Pin text={JSON.stringify(pinOfDevice(party, handle))} />}
    </details>
  );
}

function Pin({ text }: { readonly text: string }): ReactNode {
  const { say } = useWords();
  return (
    <>
      <p>{say('readings.pin-why')}</p>
      <p>{say('readings.pin-how')}</p>
      <p>{say('readings.pin-care')}</p>
      <p className="row">
        <Button onClick={() => saveFile('medseal-pin.json', `${text}\n`, 'application/json')}>
          {say('readings.pin-save')}
        </Button>
      </p>
      <Qr text={text} label={say('readings.pin-code')} fold={say('medicines.code-text')} exact />
    </>
  );
}
