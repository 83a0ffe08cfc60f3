import { useState, type ReactNode } from 'react';
import { isDeviceName, LONGEST_DEVICE_NAME, nameDevice } from '../../../../src/client/index.ts';
import type { Address } from '../../../../src/protocol/ids.ts';
import type { Session } from '../../session/Session.ts';
import { useRun } from '../../session/useRun.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';

/** Properties of `NameDevice`. */
export interface NameDeviceProps {
  readonly session: Session;
  readonly device: Address;
  /** The name that it has from the patient, if it has one. */
  readonly name: string | undefined;
  readonly onNamed: () => void;
}

/** Gives a device a name of the patient's own, or takes it back. */
export function NameDevice({ session, device, name, onNamed }: NameDeviceProps): ReactNode {
  const { say } = useWords();
  const [typed, setTyped] = useState(name ?? '');
  const [tried, setTried] = useState(false);
  const saving = useRun();
  const wanted = typed.trim();
  const isFit = isDeviceName(wanted);
  const keep = (next: string | undefined): void =>
    saving.start(async () => {
      await nameDevice(session.party, device, next);
      setTried(false);
      setTyped(next ?? '');
      onNamed();
    });
  return (
    <details>
      <summary>{say('readings.name')}</summary>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (isFit) keep(wanted);
        }}
      >
        <TextField
          label={say('readings.own-name')}
          hint={say('readings.own-name-hint')}
          value={typed}
          autoComplete="off"
          readOnly={saving.busy}
          onChange={setTyped}
          error={
            tried && !isFit ? say('readings.name-wrong', { most: LONGEST_DEVICE_NAME }) : undefined
          }
        />
        <Awaiting on={saving} what={say('readings.naming')} />
        <p className="row">
          <Button type="submit" busy={saving.busy}>
            {say('readings.name-save')}
          </Button>
          {name !== undefined && (
            <Button busy={saving.busy} onClick={() => keep(undefined)}>
              {say('readings.name-drop')}
            </Button>
          )}
        </p>
      </form>
    </details>
  );
}
