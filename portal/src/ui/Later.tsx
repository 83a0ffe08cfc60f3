import type { ReactNode } from 'react';
import { useTask } from '../session/useTask.ts';
import { useWords } from '../words/useWords.tsx';
import { Failure } from './Failure.tsx';
import { Pending } from './Pending.tsx';

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
  if (loading.state === 'working') return <Pending what={say('common.loading')} />;
  if (loading.state === 'failed') return <Failure error={loading.error} again={loading.again} />;
  return children(loading.value);
}
