import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import { atSessionEnd } from '../session/atSessionEnd.ts';
import type { Session } from '../session/Session.ts';
import { CameraRefused, type CameraRefusal } from './CameraRefused.ts';
import { closeCameras, openCamera } from './openCamera.ts';

/** The camera as far as it is on. */
export type CameraState =
  | { readonly state: 'starting' }
  | { readonly state: 'on'; readonly stream: MediaStream }
  | { readonly state: 'off'; readonly why: CameraRefusal | 'hidden' };

/** The camera of a screen. */
export interface Camera {
  readonly shown: CameraState;
  /** Turns it on again. */
  readonly again: () => void;
  /** Turns it off, because nobody looks at its pictures any more. */
  readonly stop: () => void;
}

/**
 * Has the camera on while a screen is shown and in front: it goes off when the screen goes, when the page is hidden, and when
 * the session ends.
 *
 * @param session - The person; absent for a visitor.
 */
export function useCamera(session: Session | undefined): Camera {
  const [round, setRound] = useState(0);
  const [shown, setShown] = useState<CameraState>({ state: 'starting' });
  const ending = useRef((): void => undefined);
  const stop = useCallback(() => ending.current(), []);
  const again = useCallback(() => setRound((before) => before + 1), []);
  useLayoutEffect(() => {
    const closing = new AbortController();
    const { signal } = closing;
    const end = (why: CameraRefusal | 'hidden'): void => {
      if (signal.aborted) return;
      closing.abort();
      setShown({ state: 'off', why });
    };
    ending.current = () => end('stopped');
    setShown({ state: 'starting' });
    if (session !== undefined) atSessionEnd(session.party, closeCameras);
    const look = (): void => {
      if (document.visibilityState === 'hidden') end('hidden');
    };
    look();
    if (signal.aborted) return undefined;
    document.addEventListener('visibilitychange', look, { signal });
    openCamera(signal).then(
      (stream) => {
        for (const track of stream.getTracks()) {
          track.addEventListener('ended', () => end('stopped'), { signal });
        }
        setShown({ state: 'on', stream });
      },
      (error: unknown) => end(error instanceof CameraRefused ? error.why : 'stopped'),
    );
    return () => closing.abort();
  }, [session, round]);
  return { shown, again, stop };
}
