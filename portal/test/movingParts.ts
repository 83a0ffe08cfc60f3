import type { Page } from 'playwright-core';

/** Longest motion that nobody sees, seconds. */
const UNSEEN = 0.01;

/**
 * Returns the parts of a page that move: by a transition, an animation, a scroll that glides, or a bar that the browser moves.
 *
 * @param page - A page.
 * @returns The class of each, or its element, and how it moves.
 */
export async function movingParts(page: Page): Promise<readonly string[]> {
  return await page.evaluate((unseen) => {
    const isLong = (durations: string): boolean =>
      durations
        .split(',')
        .some((each) => Number.parseFloat(each) * (each.endsWith('ms') ? 0.001 : 1) > unseen);
    const moving = new Set<string>();
    for (const element of document.querySelectorAll('*')) {
      const [name = ''] = element.classList;
      const called = name === '' ? element.localName : `.${name}`;
      for (const part of ['', '::before', '::after']) {
        const style = getComputedStyle(element, part);
        if (isLong(style.transitionDuration)) moving.add(`${called}${part} has a transition`);
        const isAnimated = style.animationName !== 'none' && isLong(style.animationDuration);
        if (isAnimated) moving.add(`${called}${part} has an animation`);
        if (style.scrollBehavior === 'smooth') moving.add(`${called}${part} glides`);
      }
      const isDrawn = getComputedStyle(element).appearance !== 'none';
      if (element.matches('progress:indeterminate') && isDrawn)
        moving.add(`${called} is a bar that the browser moves`);
    }
    for (const { playState } of document.getAnimations()) {
      if (playState === 'running') moving.add('an animation runs');
    }
    return [...moving];
  }, UNSEEN);
}
