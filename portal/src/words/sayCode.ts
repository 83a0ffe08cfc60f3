import type { Words } from './useWords.tsx';

/**
 * Says an error's code in the person's language: what went wrong, and what to do.
 *
 * @param words - The words of the person's language.
 * @param code - A code of the catalogue of errors, or another text that a node gives for one.
 * @returns Undefined if there are no words for the code, or those of the first screen alone are loaded and others say it.
 */
export function sayCode(
  { sayIfKnown }: Pick<Words, 'sayIfKnown'>,
  code: string,
): string | undefined {
  return sayIfKnown(`errors.${code}`) ?? sayIfKnown(`codes.${code}`);
}
