import type { ReactNode } from 'react';
import type { Draft } from '../session/useDraft.ts';
import { useWords } from '../words/useWords.tsx';
import { Button } from './Button.tsx';
import { Notice } from './Notice.tsx';

/** Properties of `KeptDraft`. */
export interface KeptDraftProps {
  readonly draft: Pick<Draft<never>, 'kept' | 'drop' | 'isTooLong' | 'isOfFormer'>;
  /** True if the form takes a file, which is not kept. */
  readonly hasFile?: boolean;
}

/**
 * Says of a form that it was opened with what was typed before, and lets the person drop that; that it was typed for an
 * earlier version of a record; and that it grew too long to be kept.
 */
export function KeptDraft({ draft, hasFile = false }: KeptDraftProps): ReactNode {
  const { say, moment } = useWords();
  const { kept, drop, isTooLong, isOfFormer = false } = draft;
  return (
    <>
      {kept !== undefined && (
        <Notice title={say('common.draft-kept', { when: moment(kept.at) })}>
          {!kept.isLasting && !isTooLong && <p>{say('common.draft-until-lock')}</p>}
          {hasFile && <p>{say('common.draft-file')}</p>}
          <Button onClick={() => void drop()}>{say('common.draft-drop')}</Button>
        </Notice>
      )}
      {isOfFormer && <Notice kind="warn" title={say('common.draft-former')} />}
      {isTooLong && <Notice kind="warn" title={say('common.draft-too-long')} />}
    </>
  );
}
