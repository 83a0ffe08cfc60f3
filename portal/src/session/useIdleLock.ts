import { useEffect } from 'react';
import { IdleClock, type Moments, type TabMessage } from './IdleClock.ts';
import { readIdleMinutes } from './idleMinutes.ts';
import type { Place } from './Place.ts';

/** Milliseconds between two looks at the time. */
const LOOK = 5000;
/** Name of this tab, for a lock of all others. */
const TAB = crypto.getRandomValues(new Uint32Array(4)).join('-');
const ACTIVITY = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;

/**
 * Locks the page when its person is away, and with any other tab of it that locks.
 *
 * @param secret - A session or another thing that shall not stay open, with its place; nothing is locked without it, and
 * another one begins the time again.
 * @param lock - Locks this page.
 */
export function useIdleLock(secret: { readonly place: Place } | undefined, lock: () => void): void {
  useIdleClock(secret, async ({ place }) => await readIdleMinutes(place.shelf), lock);
}

/**
 * Locks the page when its person is away, and with any other tab of it that locks.
 *
 * @param opened - Whatever the page has open; nothing is locked without it.
 * @param readMinutes - Returns the minutes after which it locks.
 * @param lock - Locks this page.
 */
export function useIdleClock<Opened>(
  opened: Opened | undefined,
  readMinutes: (opened: Opened) => Promise<number>,
  lock: () => void,
): void {
  useEffect(() => {
    if (opened === undefined) return undefined;
    const gone = new AbortController();
    const tabs = new BroadcastChannel('medseal');
    gone.signal.addEventListener('abort', () => tabs.close());
    void readMinutes(opened).then((minutes) => {
      if (gone.signal.aborted) return;
      const tell = (message: TabMessage): void => post(tabs, message);
      const clock = new IdleClock(minutes * 60_000, { now, lock, tell });
      const options = { signal: gone.signal, capture: true, passive: true };
      for (const kind of ACTIVITY) addEventListener(kind, () => clock.active(), options);
      document.addEventListener('visibilitychange', () => clock.check(), options);
      const hear = ({ data }: MessageEvent<unknown>): void => {
        const { lockBut } = Object(data) as { readonly lockBut?: unknown };
        if (lockBut === undefined) clock.hear(data);
        else if (lockBut !== TAB) clock.hear('lock');
      };
      tabs.addEventListener('message', hear, options);
      const timer = setInterval(() => clock.check(), LOOK);
      gone.signal.addEventListener('abort', () => clearInterval(timer));
    });
    return () => gone.abort();
  }, [opened]);
}

function now(): Moments {
  return { set: Date.now(), steady: performance.now() };
}

/**
 * Tells all tabs of this page to lock.
 *
 * @param but - `this` if this tab goes on.
 */
export function lockTabs(but?: 'this'): void {
  const tabs = new BroadcastChannel('medseal');
  post(tabs, but === 'this' ? { lockBut: TAB } : 'lock');
  tabs.close();
}

function post(tabs: BroadcastChannel, message: TabMessage | { readonly lockBut: string }): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel is of one origin
  tabs.postMessage(message);
}
