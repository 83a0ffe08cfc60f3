import { useState, type ReactNode } from 'react';
import { requireStrong } from '../../../../src/crypto/keys/passphrase.ts';
import { succeeds } from '../../../../src/protocol/wire/succeeds.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';

/** Properties of `Passphrase`. */
export interface PassphraseProps {
  /** Word on the button. */
  readonly label: string;
  readonly busy: boolean;
  /** True if everything else is filled in. */
  readonly ready: boolean;
  readonly onChosen: (passphrase: string) => void;
  readonly onBack: () => void;
}

/** Asks for a new passphrase, twice. */
export function Passphrase({ label, busy, ready, onChosen, onBack }: PassphraseProps): ReactNode {
  const { say } = useWords();
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [tried, setTried] = useState(false);
  const isWeak = !succeeds(() => requireStrong(passphrase) !== '');
  const differs = passphrase !== again;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (ready && !isWeak && !differs && !busy) onChosen(passphrase);
      }}
    >
      <TextField
        label={say('enter.new-passphrase')}
        hint={say('enter.passphrase-hint')}
        type="password"
        autoComplete="new-password"
        value={passphrase}
        error={tried && isWeak ? say('errors.PASSPHRASE_WEAK') : undefined}
        onChange={setPassphrase}
      />
      <TextField
        label={say('enter.passphrase-again')}
        type="password"
        autoComplete="new-password"
        value={again}
        error={tried && differs ? say('enter.passphrase-differs') : undefined}
        onChange={setAgain}
      />
      {tried && !ready && (
        <p className="error" role="alert">
          {say('enter.fill-in')}
        </p>
      )}
      <p className="row">
        <Button kind="main" type="submit" busy={busy}>
          {label}
        </Button>
        <Button onClick={onBack}>{say('common.back')}</Button>
      </p>
    </form>
  );
}
