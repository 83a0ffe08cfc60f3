import { useCallback, useEffect, useRef, useState } from 'react';
import { browserFault } from '../worker/browserFault.ts';
import type { AddingOptions, AddingProgress } from './addFile.ts';
import { useRun, type Run } from './useRun.ts';

/** A file that a person is adding. */
export interface AddingRun extends Pick<Run, 'busy' | 'error'> {
  /** With the seconds that the stage still takes, once its speed is known. */
  readonly progress: (AddingProgress & { readonly left?: number }) | undefined;
  /** True if the person cancelled the last one. */
  readonly cancelled: boolean;
  readonly cancel: () => void;
  /** Begins one, unless one is under way. */
  readonly start: (add: (options: AddingOptions) => Promise<void>) => void;
}

/** Milliseconds of a stage after which its speed says something. */
const KNOWN = 1000;
/** Milliseconds between two progress reports that are shown. */
const SHOWN = 100;

/** Adds one file at once, with its progress, until it is done or the person cancels or leaves the screen. */
export function useAdding(): AddingRun {
  const { busy, error, start: run } = useRun();
  const [progress, setProgress] = useState<AddingRun['progress']>();
  const [cancelled, setCancelled] = useState(false);
  const under = useRef<AbortController>(undefined);
  useEffect(() => () => under.current?.abort(), []);
  const start = useCallback<AddingRun['start']>(
    (add) =>
      run(async () => {
        const abort = new AbortController();
        under.current = abort;
        setCancelled(false);
        setProgress(undefined);
        let last = { stage: '', at: 0, begun: 0 };
        const onProgress = (now: AddingProgress): void => {
          const at = performance.now();
          if (now.stage === last.stage && at - last.at < SHOWN) return;
          const begun = now.stage === last.stage ? last.begun : at;
          last = { stage: now.stage, at, begun };
          const [spent, todo] = [at - begun, now.whole - now.bytes];
          const left = Math.ceil(((spent / now.bytes) * todo) / 1000);
          setProgress(spent < KNOWN || now.bytes === 0 ? now : { ...now, left });
        };
        try {
          await add({ signal: abort.signal, onProgress });
        } catch (cause) {
          if (!abort.signal.aborted) throw browserFault(cause);
          setCancelled(true);
        }
      }),
    [run],
  );
  const cancel = useCallback(() => under.current?.abort(), []);
  return { busy, error, progress, cancelled, cancel, start };
}
