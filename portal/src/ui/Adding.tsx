import type { ReactNode } from 'react';
import type { AddingRun } from '../session/useAdding.ts';
import { useWords } from '../words/useWords.tsx';
import { Button } from './Button.tsx';
import { Pending } from './Pending.tsx';

/** Properties of `Adding`. */
export interface AddingProps {
  /** Absent before the first bytes. */
  readonly progress: AddingRun['progress'];
  readonly onCancel: () => void;
}

const MEGABYTE = 1_000_000;

/** Says how far a file is that is being added, and how long it still takes; it can be cancelled until it is confirmed. */
export function Adding({ progress, onCancel }: AddingProps): ReactNode {
  const { say, number } = useWords();
  if (progress === undefined) return <Pending what={say('add.preparing')} />;
  const { stage, bytes, whole, left } = progress;
  if (stage === 'confirming') return <Pending what={say('add.confirming')} />;
  const inMegabytes = (size: number): string => number(Math.ceil(size / MEGABYTE));
  return (
    <>
      <Pending
        what={say(`add.${stage}`, { done: inMegabytes(bytes), whole: inMegabytes(whole) })}
        done={whole === 0 ? 0 : bytes / whole}
      />
      {left !== undefined && (
        <p>
          <small>{say('add.left', { seconds: left })}</small>
        </p>
      )}
      <p className="row">
        <Button onClick={onCancel}>{say('common.cancel')}</Button>
      </p>
    </>
  );
}
