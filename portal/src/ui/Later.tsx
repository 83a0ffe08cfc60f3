import type { ReactNode } from 'react';
import { useTask } from '../session/useTask.ts';
import { useWords } from '../words/useWords.tsx';
import { Awaiting } from './Awaiting.tsx';

/** Properties of `Later`. */
export interface LaterProps<Loaded> {
  /** Loads a part of the page; the same function each time. */
  readonly load: () => Promise<Loaded>;
  readonly children: (loaded: Loaded) => ReactNode;
}

/** Shows what needs a part of the page that is loaded when it is first wanted, and says so if it does not come. */
export function Later<Loaded>({ load, children }: LaterProps<Loaded>): ReactNode {
  const { say } = useWords();
  const loading = useTask(load, [load]);
  if (loading.state !== 'done') return <Awaiting on={loading} what={say('common.loading')} />;
  return children(loading.value);
}
