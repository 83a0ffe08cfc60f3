import { useLayoutEffect } from 'react';

/**
 * Runs something whenever a letter is pressed together with Ctrl, or with ⌘ on a Mac, unless a question stands in front of the
 * screen. A letter alone does nothing: people who speak to their computer would press it.
 *
 * @param letter - The letter, in small.
 * @param run - Runs it; undefined while it does nothing.
 */
export function useShortcut(letter: string, run: (() => void) | undefined): void {
  useLayoutEffect(() => {
    if (run === undefined) return undefined;
    const onKeyDown = (event: KeyboardEvent): void => {
      const isShortcut = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      if (!isShortcut || event.key.toLowerCase() !== letter) return;
      event.preventDefault();
      if (document.querySelector('dialog[open]') === null) run();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [letter, run]);
}
