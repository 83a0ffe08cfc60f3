import type { ReactNode } from 'react';
import type { Draft } from '../session/useDraft.ts';
import { useWords } from '../words/useWords.tsx';
import { Button } from './Button.tsx';
import { Notice } from './Notice.tsx';

/** Properties of `KeptDraft`. */
export interface KeptDraftProps {
  readonly draft: Pick<Draft<never>, 'kept' | 'drop'>;
  /** True if the form takes a file, which is not kept. */
  readonly hasFile?: boolean;
}

/** Says of a form that it was opened with what was typed before, and lets the person drop that. */
export function KeptDraft({ draft: { kept, drop }, hasFile = false }: KeptDraftProps): ReactNode {
  const { say, moment } = useWords();
  if (kept === undefined) return null;
  return (
    <Notice title={say('common.draft-kept', { when: moment(kept.at) })}>
      {!kept.isLasting && <p>{say('common.draft-until-lock')}</p>}
      {hasFile && <p>{say('common.draft-file')}</p>}
      <Button onClick={() => void drop()}>{say('common.draft-drop')}</Button>
    </Notice>
  );
}
