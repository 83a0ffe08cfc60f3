import type { ReactNode } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { saveFile } from '../../ui/saveFile.ts';
import { useWords } from '../../words/useWords.tsx';
import { PackedCode } from './PackedCode.tsx';

/** Properties of `ToHandOver`. */
export interface ToHandOverProps {
  /** Tells to whom it goes, and until when. */
  readonly title: string;
  /** Value that the other reads, signed. */
  readonly signed: object;
  /** Name of its file. */
  readonly file: string;
  /** Called once the person has saved the file. */
  readonly onSaved?: () => void;
}

/** Something signed that the person hands to somebody: as a file, and as a code if it is short enough. */
export function ToHandOver({ title, signed, file, onSaved }: ToHandOverProps): ReactNode {
  const { say } = useWords();
  const text = JSON.stringify(signed);
  return (
    <Notice kind="good" title={title}>
      <p className="row">
        <Button
          kind="main"
          onClick={() => {
            saveFile(file, text, 'application/json');
            onSaved?.();
          }}
        >
          {say('medicines.save')}
        </Button>
      </p>
      <PackedCode text={text} label={say('medicines.handed')} />
    </Notice>
  );
}
