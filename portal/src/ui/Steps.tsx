import type { ReactNode } from 'react';
import { List } from './List.tsx';
import { Pending } from './Pending.tsx';

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
      <List look="list" items={steps.slice(0, at)} keyOf={(step) => step}>
        {(step) => `✓ ${step}`}
      </List>
      <Pending what={`${steps[at] ?? ''} …`} done={at / steps.length} />
    </>
  );
}
