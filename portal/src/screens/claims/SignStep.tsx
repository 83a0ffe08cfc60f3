import { useState, type ReactNode } from 'react';
import { useRun } from '../../session/useRun.ts';
import { Button } from '../../ui/Button.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { useWords } from '../../words/useWords.tsx';
import { RefusedClaim } from './RefusedClaim.tsx';

/** Properties of `SignStep`. */
export interface SignStepProps {
  /** Label of the button that shows the words. */
  readonly label: string;
  /** Label of the button that signs them. */
  readonly sign: string;
  readonly kind?: 'main' | 'plain' | 'danger';
  /** All that is signed, in words; undefined while something is missing. */
  readonly words: readonly string[] | undefined;
  /** Called when somebody asks for the words, so that the fields say what is missing. */
  readonly onTry?: () => void;
  readonly run: () => Promise<void>;
}

/** Shows in words what is signed, and signs it only after that. */
export function SignStep(props: SignStepProps): ReactNode {
  const { label, sign, kind = 'plain', words, onTry, run } = props;
  const { say } = useWords();
  const [isOpen, setOpen] = useState(false);
  const signing = useRun();
  if (!isOpen || words === undefined) {
    return (
      <p className="row">
        <Button
          kind={kind}
          onClick={() => {
            onTry?.();
            setOpen(words !== undefined);
          }}
        >
          {label}
        </Button>
      </p>
    );
  }
  return (
    <section className="signed">
      <h2>{say('share.you-sign')}</h2>
      {words.map((each, place) => (
        <p key={place}>{each}</p>
      ))}
      {signing.busy && <Pending what={say('claims.changing')} />}
      {signing.error !== undefined && <RefusedClaim error={signing.error} />}
      <p className="row">
        <Button
          kind={kind === 'danger' ? 'danger' : 'main'}
          busy={signing.busy}
          onClick={() =>
            signing.start(async () => {
              await run();
              setOpen(false);
            })
          }
        >
          {sign}
        </Button>
        <Button
          disabled={signing.busy}
          onClick={() => {
            if (!signing.busy) setOpen(false);
          }}
        >
          {say('common.back')}
        </Button>
      </p>
    </section>
  );
}
