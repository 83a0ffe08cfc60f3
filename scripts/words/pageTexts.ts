import type { ReadText } from './textsOf.ts';

/**
 * Finds the sentences of a page: its text without headings, code and links' addresses.
 *
 * @param page - A page of Markdown.
 */
export function pageTexts(page: string): readonly ReadText[] {
  const texts: { line: number; text: string }[] = [];
  let fence: string | undefined;
  let isNew = true;
  for (const [place, raw] of page.split('\n').entries()) {
    const fenced = /^\s*(```|~~~)/.exec(raw)?.[1];
    if (fenced !== undefined) {
      fence = fence === undefined ? fenced : undefined;
      isNew = true;
      continue;
    }
    if (fence !== undefined) continue;
    if (raw.trim() === '' || /^\s*(?:#|<)/.test(raw) || /^\s*[-*] \[[^\]]*\]\(#/.test(raw)) {
      isNew = true;
      continue;
    }
    if (/^\s*\|/.test(raw)) {
      for (const cell of raw.split('|')) texts.push({ line: place + 1, text: plain(cell) });
      isNew = true;
      continue;
    }
    const starts = isNew || /^\s*(?:[-*+]|\d+\.) /.test(raw);
    const text = plain(raw.replace(/^\s*(?:[-*+]|\d+\.|>) /, ''));
    const last = texts.at(-1);
    if (starts || last === undefined) texts.push({ line: place + 1, text });
    else last.text += ` ${text}`;
    isNew = false;
  }
  return texts.filter(({ text }) => /[a-z] [a-z]/.test(text));
}

function plain(text: string): string {
  return text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/`[^`]*`/g, '`…`')
    .replace(/\*\*|__/g, '')
    .trim();
}
