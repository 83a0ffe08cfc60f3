import type { ReactNode } from 'react';
import { Pending } from './Pending.tsx';
import listLook from './List.module.css';

/** Properties of `Steps`. */
export interface StepsProps {
  /** Names of the steps, in their order. */
  readonly steps: readonly string[];
  /** Place of the step that is under way. */
  readonly at: number;
}

/** Work of several steps: those that are done, and the one that is under way. */
export function Steps({ steps, at }: StepsProps): ReactNode {
  return (
    <>
      <ul className={listLook['list']}>
        {steps.slice(0, at).map((step) => (
          <li key={step}>✓ {step}</li>
        ))}
      </ul>
      <Pending what={`${steps[at] ?? ''} …`} done={at / steps.length} />
    </>
  );
}
