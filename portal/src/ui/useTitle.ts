import { useEffect } from 'react';

/** The name of the software, which is the same in every language. */
export const BRAND = 'Medseal';
const parts: { acting?: string; screen?: string; person?: string } = {};

/**
 * Says in the title of the page which screen it shows, and whose chart, so that tabs can be told apart. Browsers keep titles
 * in their history: a title says a word of the menu, and initials in place of a name.
 *
 * @param part - The part of the title.
 * @param text - Its text; undefined for nothing.
 */
export function useTitle(part: keyof typeof parts, text: string | undefined): void {
  useEffect(() => {
    if (text !== undefined) parts[part] = text;
    show();
    return () => {
      delete parts[part];
      show();
    };
  }, [part, text]);
}

function show(): void {
  document.title = [parts.acting, parts.person, parts.screen, BRAND].filter(Boolean).join(' – ');
}
