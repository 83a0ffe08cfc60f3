import type { Page } from 'playwright-core';

/** The element that has the focus, as a person at the keyboard finds it. */
export interface Focused {
  /** Its name, as a screen reader says it; empty if nothing has the focus. */
  readonly name: string;
  /** A sentence for each fault: the focus is not seen, lies under something or went back up. */
  readonly faults: readonly string[];
  /** True if it is what is wanted. */
  readonly isThere: boolean;
  /** True if what is wanted stands before it alone. A browser that goes round at the end of a page takes its own buttons in. */
  readonly isPast: boolean;
  /** True if it is a radio button, and what is wanted is another one of its group: arrows lead there. */
  readonly isInGroup: boolean;
}

/** Pictures that a browser draws until it has scrolled to what has the focus. */
const FRAMES = 30;

/** All that Tab can reach. */
const REACHED =
  'a[href], button, input, select, textarea, summary, iframe, [tabindex], [contenteditable="true"]';

declare global {
  interface Window {
    /** The stop before, with its distance from the top of all that scrolls. */
    medsealBefore: { readonly element: Element; readonly top: number } | undefined;
  }
}

/**
 * Looks at what has the focus of a page, and where what is wanted stands. It looks again at a fault: a browser may scroll to
 * what has got the focus as it draws the next pictures.
 *
 * @param page - The page.
 * @param wanted - Name of what is wanted; nothing if absent.
 */
export async function lookAtFocus(page: Page, wanted?: string | RegExp): Promise<Focused> {
  const sought = wanted instanceof RegExp ? { source: wanted.source } : { text: wanted };
  return await page.evaluate(look, [REACHED, sought, FRAMES] as const);
}

/** The press that leads back, for each that leads on. */
const BACK = { Tab: 'Shift+Tab', 'Shift+Tab': 'Tab', ArrowDown: 'ArrowUp' } as const;

/** A press that leads on. */
export type StepKey = keyof typeof BACK;

/**
 * Looks at what has the focus after a press. A form that grew meanwhile has moved it: at a fault a person goes back, where it is
 * looked at too since a stop stands below the one before, and comes again.
 *
 * @param page - The page.
 * @param key - The press.
 * @param wanted - Name of what is wanted; nothing if absent.
 */
export async function lookAfter(
  page: Page,
  key: StepKey,
  wanted?: string | RegExp,
): Promise<Focused> {
  const first = await lookAtFocus(page, wanted);
  if (first.faults.length === 0) return first;
  await page.keyboard.press(BACK[key]);
  await lookAtFocus(page, wanted);
  await page.keyboard.press(key);
  return await lookAtFocus(page, wanted);
}

/** Forgets the stop before: what a press leads to need not stand below it. */
export async function beginOrder(page: Page): Promise<void> {
  await page.evaluate(() => (window.medsealBefore = undefined));
}

/** Runs in the page. */
async function look([reached, { text, source }, frames]: readonly [
  string,
  { readonly text?: string | undefined; readonly source?: string },
  number,
]): Promise<Focused> {
  // oxlint-disable-next-line unicorn/consistent-function-scoping -- the page gets this function alone.
  const nameOf = (element: Element): string => {
    const label = element.closest('label') ?? document.querySelector(`label[for="${element.id}"]`);
    const said = element.getAttribute('aria-label') ?? label?.textContent ?? element.textContent;
    return (said ?? '').replace(/\s+/g, ' ').trim();
  };
  const isWanted = (element: Element): boolean => {
    if (source === undefined) return text !== undefined && nameOf(element) === text;
    return new RegExp(source).test(nameOf(element));
  };
  const element = document.activeElement ?? document.body;
  // Beyond the end of a page come the buttons of the browser.
  if (element === document.body || !document.hasFocus()) {
    window.medsealBefore = undefined;
    return { name: '', faults: [], isThere: false, isPast: false, isInGroup: false };
  }
  const question = document.querySelector('dialog[open]');
  const sought = [...(question ?? document).querySelectorAll(reached)].filter(
    (each) => each.checkVisibility() && isWanted(each),
  );
  const places = sought.map((each) => element.compareDocumentPosition(each));
  const group =
    element instanceof HTMLInputElement && element.type === 'radio'
      ? `input[type=radio][name="${CSS.escape(element.name)}"]`
      : 'no-group';
  const found = {
    name: nameOf(element),
    isThere: isWanted(element),
    isPast:
      places.length > 0 &&
      places.every((place) => (place & Node.DOCUMENT_POSITION_PRECEDING) !== 0),
    isInGroup: sought.some((each) => each.matches(group) && each !== element),
  };
  // A heading is not a control; a screen reader says where the person is.
  if (element.matches('h1, h2, h3, iframe')) return { ...found, faults: [] };
  let faults = faultsOf(element);
  for (let drawn = 0; drawn < frames && faults.length > 0; drawn += 1) {
    await new Promise(requestAnimationFrame);
    faults = faultsOf(element);
  }
  const { top: screenTop } = element.getBoundingClientRect();
  let top = screenTop;
  for (let up = element.parentElement; up !== null; up = up.parentElement) top += up.scrollTop;
  window.medsealBefore = { element, top };
  return { ...found, faults };

  function faultsOf(at: Element): readonly string[] {
    const wrong: string[] = [];
    if (question?.contains(at) === false) wrong.push('has the focus behind the question');
    const [box] = at.getClientRects();
    if (box === undefined) return wrong;
    const isSeen = [at, at.closest('label')].some((each) => {
      if (each === null) return false;
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(each);
      const isDrawn = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
      return isDrawn && !/transparent|rgba\(.*, 0\)|\/ 0\)/.test(outlineColor);
    });
    if (!isSeen) wrong.push('has the focus, and nothing shows it');
    const { innerHeight: high, innerWidth: wide } = window;
    // Of what is nearly as large as the screen, or grows with its text, its beginning is enough.
    const isLow = box.height < high / 2 && !at.matches('textarea');
    const isOut = isLow
      ? box.top < -1 || box.bottom > high + 1
      : box.top > high - 44 || box.bottom < 44;
    const isBeside = box.width < wide && (box.left < -1 || box.right > wide + 1);
    if (isOut || isBeside) {
      const place = `${Math.round(box.left)}, ${Math.round(box.top)}`;
      wrong.push(`has the focus out of the screen, at ${place}, ${Math.round(box.height)} px high`);
    }
    const [from, to] = [Math.max(box.top, 0) + 3, Math.min(box.bottom, high) - 3];
    const under = [from, (from + to) / 2, to].flatMap((y) => {
      // Finds an element that stays at an edge of the screen, and lies over that point.
      let up = document.elementFromPoint(box.x + box.width / 2, y);
      while (up !== null && !up.contains(at)) {
        if (['fixed', 'sticky'].includes(getComputedStyle(up).position)) return [up];
        up = up.parentElement;
      }
      return [];
    });
    const [cover] = under;
    if (cover !== undefined && (isLow || under.length === 3)) {
      wrong.push(`has the focus under ${cover.tagName} ${cover.className}`);
    }
    const { medsealBefore: before } = window;
    const part = at.closest('main, dialog');
    if (part === null || before === undefined || !part.contains(before.element)) return wrong;
    const isForwards =
      (before.element.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
    const last = before.element.getBoundingClientRect();
    let bottom = box.bottom;
    for (let up = at.parentElement; up !== null; up = up.parentElement) bottom += up.scrollTop;
    if (isForwards && bottom <= before.top && box.left < last.right) {
      wrong.push(`comes after “${nameOf(before.element)}” and stands above it`);
    }
    return wrong;
  }
}
