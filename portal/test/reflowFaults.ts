import type { Page } from 'playwright-core';

/**
 * Returns what a page that is enlarged loses: what lies beside the screen, text that is cut off, and what is pressed and lies
 * under something else.
 *
 * @param page - A page.
 * @returns A sentence for each; empty if there are no faults.
 */
export async function reflowFaults(page: Page): Promise<readonly string[]> {
  return await page.evaluate(() => {
    const faults: string[] = [];
    const root = document.documentElement;
    const note = (element: Element, what: string): void => {
      const text = (element.textContent ?? '').trim().slice(0, 30);
      faults.push(`${element.tagName} ${element.className.slice(0, 30)} ${text} ${what}`);
    };
    const shown = [...document.querySelectorAll<HTMLElement>('body *')].filter(
      (element) =>
        element.checkVisibility({ visibilityProperty: true }) && element.closest('svg') === null,
    );
    if (root.scrollWidth > root.clientWidth) {
      const widest = shown.filter(
        (each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 1,
      );
      for (const each of widest.slice(-3)) {
        note(each, `is wider than the screen by ${root.scrollWidth - root.clientWidth} px`);
      }
      if (widest.length === 0) faults.push('something lies beside the screen');
    }
    for (const each of shown) {
      // A text for screen readers alone is as small as that on purpose.
      if (each.clientWidth <= 1) continue;
      const { overflowX, overflowY } = getComputedStyle(each);
      const isWide = each.scrollWidth > each.clientWidth + 1;
      const isHigh = each.scrollHeight > each.clientHeight + 1;
      const hides = ['hidden', 'clip'];
      const isCut = (hides.includes(overflowX) && isWide) || (hides.includes(overflowY) && isHigh);
      if (isCut && each.innerText.trim() !== '') note(each, 'is cut off');
    }
    const scope = document.querySelector('dialog') ?? document.body;
    const PRESSED = 'a[href], button, input, select, textarea, summary';
    const [x, y, before] = [scrollX, scrollY, document.activeElement];
    for (const each of shown) {
      if (!each.matches(PRESSED) || !scope.contains(each) || each.matches(':disabled')) continue;
      // A way past the menu is there for whoever comes to it.
      each.focus({ preventScroll: true });
      each.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
      const [box] = each.getClientRects();
      if (box === undefined) continue;
      const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      const isOwn = top !== null && (each.contains(top) || top.contains(each));
      const isLabel = top?.closest('label')?.contains(each) ?? false;
      if (!isOwn && !isLabel) {
        note(each, `lies under ${top === null ? 'nothing' : `${top.tagName} ${top.className}`}`);
      }
    }
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    scrollTo({ left: x, top: y, behavior: 'instant' });
    return faults;
  });
}
