import type { ReactNode } from 'react';
import { useTask } from '../session/useTask.ts';
import type { LaterProps } from './Later.tsx';

/** Shows what needs a part of the page that nobody waits for; nothing if it does not come. */
export function Silently<Loaded>({ load, children }: LaterProps<Loaded>): ReactNode {
  const loading = useTask(load, [load]);
  return loading.state === 'done' ? children(loading.value) : null;
}
