import type { Page } from 'playwright-core';

/**
 * Returns the values on a page whose characters are not drawn from left to right, such as `132 / 82 mmHg`, `≤ 5.1`, `500 mg`,
 * `2026-03-14` or `4 – 5.6`. It asks where each character is drawn, whatever elements and marks stand around it.
 *
 * @param page - The page.
 */
export async function turnedValues(page: Page): Promise<readonly string[]> {
  return await page.evaluate(() => {
    const number = String.raw`\p{Nd}+(?:[.,:]\p{Nd}+)*`;
    const value = new RegExp(
      String.raw`(?:[<>≤≥±] ?|(?<![\p{L}\p{Nd}])[-−])?${number}(?: ?[/–×-] ?${number})*(?: ?[%°A-Za-zµ](?:[\w/²³.°]*[\w²³])?)?|(?<![\p{L}\p{Nd}])[°/][A-Za-z]+`,
      'gu',
    );
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node.parentElement?.checkVisibility() !== true) continue;
      for (const match of (node.textContent ?? '').matchAll(value)) {
        const places = Array.from(match[0]).flatMap((character, at) => {
          if (character.trim() === '') return [];
          const range = document.createRange();
          range.setStart(node, match.index + at);
          range.setEnd(node, match.index + at + 1);
          const { left, top, width } = range.getBoundingClientRect();
          return width === 0 ? [] : [{ left, top }];
        });
        const isTurned = places.some(({ left, top }, at) => {
          const before = places[at - 1];
          // A value that goes on in another line begins again.
          const isBeside = before !== undefined && Math.abs(before.top - top) < 3;
          return isBeside && left < before.left;
        });
        if (isTurned) found.push(match[0]);
      }
    }
    return found;
  });
}
