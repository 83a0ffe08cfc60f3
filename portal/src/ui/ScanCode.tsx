import { useState, type ReactNode } from 'react';
import type { CodeKind } from '../camera/kindOfCode.ts';
import type { Session } from '../session/Session.ts';
import { useWords } from '../words/useWords.tsx';
import { Button } from './Button.tsx';
import { Icon } from './Icon.tsx';
import { Later } from './Later.tsx';

const loadDialog = async () => (await import('../camera/ScanDialog.tsx')).ScanDialog;

/** Properties of `ScanCode`. */
export interface ScanCodeProps {
  /** The person, whose lock turns the camera off at once; absent for a visitor. */
  readonly session?: Session;
  /** Kinds of codes that the form takes; the person is told of any other. */
  readonly kinds: readonly CodeKind[];
  /** Takes the text of a code: not trusted, as if somebody had pasted it. */
  readonly onText: (text: string) => void;
}

/** A button that reads a QR code by the camera, or out of a picture, instead of typing its text. */
export function ScanCode({ session, kinds, onText }: ScanCodeProps): ReactNode {
  const { say } = useWords();
  const [open, setOpen] = useState(false);
  const close = (): void => setOpen(false);
  return (
    <>
      <p className="row">
        <Button onClick={() => setOpen(true)}>
          <Icon name="scan-line" /> {say('scan.open')}
        </Button>
      </p>
      {open && (
        <Later load={loadDialog}>
          {(ScanDialog) => (
            <ScanDialog
              session={session}
              kinds={kinds}
              onClose={close}
              onText={(text) => {
                close();
                onText(text);
              }}
            />
          )}
        </Later>
      )}
    </>
  );
}
