/** Name of the choice in this browser; it is nobody's secret, and it is needed before a key is there. */
export const LANGUAGE_KEPT = 'medseal-language';

/** Returns the tag that was chosen in this browser; nothing if none was, or if the browser keeps nothing. */
export function keptLanguage(): string | null {
  try {
    return localStorage.getItem(LANGUAGE_KEPT);
  } catch {
    return null;
  }
}

/**
 * Keeps what was chosen, for whoever uses this browser next too.
 *
 * @param tag - BCP 47 tag of the choice.
 */
export function keepLanguage(tag: string): void {
  try {
    localStorage.setItem(LANGUAGE_KEPT, tag);
  } catch {
    // A browser that keeps nothing has the choice until the page is closed.
  }
}
