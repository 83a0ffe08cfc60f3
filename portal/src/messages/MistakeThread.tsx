import { useState, type ReactNode } from 'react';
import type { Mistake } from '../../../src/client/index.ts';
import type { Session } from '../session/Session.ts';
import { useRun } from '../session/useRun.ts';
import { Awaiting } from '../ui/Awaiting.tsx';
import { Button } from '../ui/Button.tsx';
import { List } from '../ui/List.tsx';
import { useWords } from '../words/useWords.tsx';
import { MistakeCard } from './MistakeCard.tsx';
import { MistakeWords, type MistakeWordsProps } from './MistakeWords.tsx';

/** Properties of `MistakeThread`. */
export interface MistakeThreadProps {
  readonly session: Session;
  /** Messages that were sent before. */
  readonly known: readonly Mistake[];
  /** Name of the other side. */
  readonly who: string;
  readonly draft: MistakeWordsProps['draft'] & {
    readonly kept?: object;
    readonly drop: () => Promise<void>;
  };
  /** Label of the words. */
  readonly label: string;
  /** False while another field has a fault: nothing is sent then. */
  readonly isFit?: boolean;
  /** Signs the words and sends them. */
  readonly send: (words: string) => Promise<void>;
  /** Called once something was sent or answered. */
  readonly onChanged: () => void;
  /** Labels of the buttons that open the form. */
  readonly begins: readonly string[];
  /** True if they are quiet ones. */
  readonly quiet: boolean;
  /** Called before one of them opens the form, with its place. */
  readonly onBegin?: (nth: number) => void;
  /** Further fields, above the words. */
  readonly children?: ReactNode;
}

/** The messages about one thing, and a form for the next one: what is typed stays until it is sent or dropped. */
export function MistakeThread({
  session,
  known,
  who,
  draft,
  label,
  isFit = true,
  send,
  onChanged,
  begins,
  quiet,
  onBegin,
  children,
}: MistakeThreadProps): ReactNode {
  const { say } = useWords();
  const [open, setOpen] = useState(draft.kept !== undefined);
  const sending = useRun();
  const sendWords = (words: string): void => {
    if (!isFit) return;
    sending.start(async () => {
      await send(words);
      setOpen(false);
      await draft.drop();
      onChanged();
    });
  };
  return (
    <>
      {known.length > 0 && (
        <List items={known} keyOf={(each) => each.id} look="own">
          {(each) => (
            <MistakeCard session={session} mistake={each} who={who} onChanged={onChanged} />
          )}
        </List>
      )}
      {open ? (
        <MistakeWords
          draft={draft}
          label={label}
          hint={say('mistakes.hint', { who })}
          send={say('mistakes.send', { who })}
          busy={sending.busy}
          onSend={sendWords}
          onCancel={() => {
            setOpen(false);
            void draft.drop();
          }}
        >
          {children}
        </MistakeWords>
      ) : (
        <p className="row">
          {begins.map((each, nth) => (
            <Button
              key={each}
              kind={quiet ? 'quiet' : 'plain'}
              onClick={() => {
                onBegin?.(nth);
                setOpen(true);
              }}
            >
              {each}
            </Button>
          ))}
        </p>
      )}
      <Awaiting on={sending} what={say('mistakes.sending')} />
    </>
  );
}
