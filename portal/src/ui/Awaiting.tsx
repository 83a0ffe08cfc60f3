import type { ReactNode } from 'react';
import type { TaskOutcome } from '../session/outcomeUnder.ts';
import { Failure } from './Failure.tsx';
import { Pending } from './Pending.tsx';

/** Something that a screen waits for, or that a person began with a button. */
type Awaited =
  | (TaskOutcome<unknown> & { readonly again: () => void })
  | { readonly busy: boolean; readonly error?: unknown };

/** Properties of `Awaiting`. */
export interface AwaitingProps {
  readonly on: Awaited;
  /** The work in words, or a part that follows its progress; without it nothing is said while a button or what stays says it. */
  readonly what?: ReactNode;
  /** Part that is done, from 0 to 1, if it is known. */
  readonly done?: number | undefined;
  /** Words in place of those that the failure's code has elsewhere. */
  readonly title?: string | undefined;
  /** Tries the same again; a task knows how by itself. */
  readonly again?: () => void;
  /** Says the failure, in place of `Failure`. */
  readonly Refused?: ((props: { readonly error: unknown }) => ReactNode) | undefined;
}

/**
 * Says what a person waits for, or why it failed; shows nothing once it is there.
 *
 * @example
 *   if (found.state !== 'done') return <Awaiting on={found} what={say('patients.reading')} />;
 */
export function Awaiting({ on, what, done, title, again, Refused }: AwaitingProps): ReactNode {
  const isTask = 'state' in on;
  if (isTask ? on.state === 'working' : on.busy) {
    return typeof what === 'string' ? <Pending what={what} done={done} /> : what;
  }
  const error = 'error' in on ? on.error : undefined;
  if (Refused !== undefined) return error !== undefined && <Refused error={error} />;
  return <Failure error={error} title={title} again={again ?? (isTask ? on.again : undefined)} />;
}
