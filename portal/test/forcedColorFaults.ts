import type { Page } from 'playwright-core';

/**
 * Returns what cannot be told on a page without its own colours, as Windows shows it in high contrast: a state that is a
 * colour alone, a focus without an outline, a drawing as dark as its ground, and a mark that was a ground alone.
 * The page has colours of its own when it is called, and afterwards.
 *
 * @param page - A page of Chromium.
 * @returns A sentence for each; empty if there are no faults.
 */
export async function forcedColorFaults(page: Page): Promise<readonly string[]> {
  // A mark that is a ground alone is found while there are grounds.
  await page.evaluate(() => {
    for (const each of document.querySelectorAll<HTMLElement>('body *')) {
      const { backgroundColor, width } = getComputedStyle(each);
      const isPlain = backgroundColor === 'rgba(0, 0, 0, 0)' || width === 'auto';
      const isLeaf = each.childNodes.length === 0 && !each.matches('input, progress, canvas, img');
      if (isLeaf && !isPlain && each.checkVisibility()) each.dataset['ground'] = '';
    }
  });
  await page.emulateMedia({ forcedColors: 'active' });
  // The way of a keyboard: what is focused from here on shows it.
  await page.keyboard.press('Shift');
  try {
    return await page.evaluate(() => {
      const faults: string[] = [];
      const { body } = document;
      const note = (element: Element, what: string): void => {
        const text = (element.textContent ?? '').trim().slice(0, 30);
        faults.push(`${element.tagName} ${element.className.slice(0, 30)} ${text} ${what}`);
      };
      const shown = (element: Element): boolean =>
        body.contains(element) &&
        element.checkVisibility({ visibilityProperty: true }) &&
        element.getBoundingClientRect().width > 1;
      // A reader sees no smaller step of thickness.
      const STEP = 200;
      const lookOf = (element: Element): string => {
        const style = getComputedStyle(element);
        return [
          style.outlineStyle === 'none' ? '' : `${style.outlineStyle} ${style.outlineColor}`,
          style.borderTopWidth,
          style.borderBottomWidth,
          style.borderBottomColor,
          style.borderInlineStartWidth,
          style.textDecorationLine,
          String(Math.round(Number(style.fontWeight) / STEP)),
          ...[...element.children].map((child) => child.tagName),
        ].join(' ');
      };
      const [ON, OFF] = [
        '[aria-pressed="true"], [aria-selected="true"], [aria-current]:not([aria-current="false"])',
        '[aria-pressed="false"], [aria-selected="false"], a:not([aria-current]), [aria-current="false"], button:not([aria-pressed])',
      ];
      for (const on of document.querySelectorAll(ON)) {
        const item = on.closest('li') ?? on;
        const others = [...(item.parentElement?.children ?? [])].flatMap((each) =>
          each.matches(OFF) ? [each] : [...each.querySelectorAll(OFF)],
        );
        const same = others.find((each) => shown(each) && lookOf(each) === lookOf(on));
        if (shown(on) && same !== undefined) note(on, 'looks like its neighbour');
      }
      const before = document.activeElement;
      if (before instanceof HTMLElement) before.blur();
      const scope = document.querySelector('dialog') ?? document;
      const REACHED = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
      for (const each of scope.querySelectorAll<HTMLElement>(REACHED)) {
        if (!shown(each) || each.matches(':disabled')) continue;
        const rest = getComputedStyle(each).outlineStyle + getComputedStyle(each).outlineOffset;
        each.focus({ preventScroll: true });
        if (document.activeElement !== each) continue;
        const { outlineStyle, outlineOffset, outlineWidth } = getComputedStyle(each);
        const isSeen = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
        if (!isSeen || outlineStyle + outlineOffset === rest) {
          note(each, 'does not show the focus');
        }
      }
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
      // Relative luminance, as WCAG 2.2 defines it.
      const [LINEAR, SLOPE] = [0.040_45, 12.92];
      const light = (color: string): number => {
        const parts = (color.match(/[\d.]+/g) ?? []).slice(0, 3).map((part) => Number(part) / 255);
        const [red = 0, green = 0, blue = 0] = parts.map((part) =>
          part <= LINEAR ? part / SLOPE : ((part + 0.055) / 1.055) ** 2.4,
        );
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      const groundOf = (element: Element | null): string => {
        if (element === null) return getComputedStyle(document.documentElement).backgroundColor;
        const { backgroundColor } = getComputedStyle(element);
        return backgroundColor.endsWith(', 0)') ? groundOf(element.parentElement) : backgroundColor;
      };
      for (const svg of document.querySelectorAll('svg')) {
        if (!shown(svg)) continue;
        const ground = light(groundOf(svg));
        const isSeen = [...svg.querySelectorAll('path, line, polyline, circle, rect, text')].some(
          (part) => {
            const { stroke, fill } = getComputedStyle(part);
            return [stroke, fill]
              .filter((color) => color !== 'none' && !color.startsWith('url'))
              .some((color) => {
                const [high, low] = [light(color), ground].toSorted((one, two) => two - one);
                return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05) >= 3;
              });
          },
        );
        if (!isSeen) note(svg.parentElement ?? body, 'has a drawing that cannot be seen');
      }
      for (const each of document.querySelectorAll<HTMLElement>('[data-ground]')) {
        delete each.dataset['ground'];
        const { backgroundColor, borderTopStyle, borderBottomStyle, outlineStyle } =
          getComputedStyle(each);
        const isDrawn = [borderTopStyle, borderBottomStyle, outlineStyle].some(
          (style) => style !== 'none',
        );
        const isGround = backgroundColor !== groundOf(each.parentElement);
        if (shown(each) && !isDrawn && !isGround) {
          note(each.parentElement ?? each, 'has a mark that was a ground alone');
        }
      }
      return faults;
    });
  } finally {
    await page.emulateMedia({ forcedColors: 'none' });
  }
}
