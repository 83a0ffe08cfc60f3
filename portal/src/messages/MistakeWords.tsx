import type { ReactNode } from 'react';
import { MOST_WORDS } from '../../../src/client/index.ts';
import type { Draft } from '../session/useDraft.ts';
import { Button } from '../ui/Button.tsx';
import { KeptDraft, type KeptDraftProps } from '../ui/KeptDraft.tsx';
import { TextField } from '../ui/TextField.tsx';
import { useWords } from '../words/useWords.tsx';

/** Properties of `MistakeWords`. */
export interface MistakeWordsProps {
  readonly draft: KeptDraftProps['draft'] &
    Pick<Draft<{ readonly words: string }>, 'value' | 'change'>;
  readonly label: string;
  readonly hint: string;
  readonly send: string;
  readonly busy: boolean;
  readonly onSend: (words: string) => void;
  readonly onCancel?: () => void;
  /** Further fields, above the words. */
  readonly children?: ReactNode;
}

/** The words of a report or an answer, as long as a letter takes them. */
export function MistakeWords(props: MistakeWordsProps): ReactNode {
  const { draft, label, hint, send, busy, onSend, onCancel, children } = props;
  const { say } = useWords();
  const { words } = draft.value;
  const over = words.trim().length - MOST_WORDS;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (words.trim() !== '' && over <= 0) onSend(words.toWellFormed());
      }}
    >
      <KeptDraft draft={draft} />
      {children}
      <TextField
        label={label}
        hint={hint}
        rows={4}
        value={words}
        onChange={(text) => draft.change({ words: text })}
        {...(over > 0 && { error: say('mistakes.too-long', { count: over }) })}
      />
      <p className="row">
        <Button kind="main" type="submit" busy={busy}>
          {send}
        </Button>
        {onCancel !== undefined && <Button onClick={onCancel}>{say('common.cancel')}</Button>}
      </p>
    </form>
  );
}
