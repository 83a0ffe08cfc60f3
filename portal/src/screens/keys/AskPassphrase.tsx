import { useState, type ReactNode } from 'react';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** Properties of `AskPassphrase`. */
export interface AskPassphraseProps {
  /** Word on the button. */
  readonly label: string;
  readonly busy: boolean;
  readonly onGiven: (passphrase: string) => void;
  /** Failure or progress, above the button. */
  readonly children?: ReactNode;
}

/** Asks for the passphrase of the key that this browser keeps, also of a page that is unlocked. */
export function AskPassphrase({ label, busy, onGiven, children }: AskPassphraseProps): ReactNode {
  const { say } = useWords();
  const [passphrase, setPassphrase] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) onGiven(passphrase);
      }}
    >
      <TextField
        label={say('keys.passphrase-now')}
        type="password"
        autoComplete="current-password"
        value={passphrase}
        onChange={setPassphrase}
      />
      {children}
      <p className="row">
        <Button kind="main" type="submit" busy={busy}>
          {label}
        </Button>
        <ButtonLink href="/me/keys">{say('common.back')}</ButtonLink>
      </p>
    </form>
  );
}
