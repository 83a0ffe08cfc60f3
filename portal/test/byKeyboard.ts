import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/** Most times that a person presses Tab to reach what is wanted. */
const MOST = 120;
/** All that Tab can reach. */
const REACHED = 'a[href], button, input, select, textarea, summary, [tabindex]';

/** A person at a page who has no mouse. */
export interface Keyboard {
  /** Number of times that something was pressed; the way to it by Tab does not count. */
  readonly presses: number;
  /** Goes by Tab to what is named, or back to it by Shift and Tab if it stands before. */
  tabTo(name: string | RegExp): Promise<void>;
  /** Goes by Tab to what is named, and presses it. */
  press(name: string | RegExp): Promise<void>;
  /** Goes by Tab to a field, and types into it. */
  type(name: string | RegExp, text: string): Promise<void>;
}

/** The element that has the focus. */
interface Focused {
  /** Its name, as a screen reader says it. */
  readonly name: string;
  /** True if one sees that it has the focus. */
  readonly isSeen: boolean;
  /** True if it is what is wanted. */
  readonly isThere: boolean;
  /** True if what is wanted stands before it alone. A browser that goes round at the end of a page takes its own buttons in. */
  readonly isPast: boolean;
}

/** Tells what has the focus of a page, and where what is wanted stands. */
async function focusedOn(page: Page, name: string | RegExp): Promise<Focused> {
  const wanted = typeof name === 'string' ? { text: name } : { source: name.source };
  return await page.evaluate(
    ([reached, { text, source = '' }]) => {
      const look = (element: Element): { readonly name: string; readonly isWanted: boolean } => {
        const label =
          element.closest('label') ?? document.querySelector(`label[for="${element.id}"]`);
        const said = element.getAttribute('aria-label') ?? label?.textContent;
        const found = (said ?? element.textContent ?? '').replace(/\s+/g, ' ').trim();
        const isWanted = text === undefined ? new RegExp(source).test(found) : found === text;
        return { name: found, isWanted };
      };
      const active = document.activeElement ?? document.body;
      const places = [...(document.querySelector('dialog') ?? document).querySelectorAll(reached)]
        .filter((element) => element.checkVisibility() && look(element).isWanted)
        .map((element) => active.compareDocumentPosition(element));
      if (active === document.body)
        return { name: '', isSeen: true, isThere: false, isPast: false };
      const { name: found, isWanted: isThere } = look(active);
      const { outlineStyle, boxShadow } = getComputedStyle(active);
      return {
        name: found,
        isSeen: outlineStyle !== 'none' || boxShadow !== 'none',
        isThere,
        isPast:
          places.length > 0 &&
          places.every((place) => (place & Node.DOCUMENT_POSITION_PRECEDING) !== 0),
      };
    },
    [REACHED, wanted] as const,
  );
}

/** Name of what has the focus, as a screen reader says it. */
export async function focusedName(page: Page): Promise<string> {
  return (await focusedOn(page, '')).name;
}

/**
 * Uses a page by its keyboard alone. It fails if Tab does not reach what is wanted, or the focus cannot be seen there.
 *
 * @param page - The page.
 */
export function byKeyboard(page: Page): Keyboard {
  let presses = 0;
  const tabTo = async (name: string | RegExp): Promise<void> => {
    const passed: string[] = [];
    for (let pressed = 0; pressed < MOST; pressed += 1) {
      const on = await focusedOn(page, name);
      if (on.isThere) {
        assert.ok(on.isSeen, `the focus on ${on.name} cannot be seen`);
        return;
      }
      passed.push(on.name.slice(0, 40));
      await page.keyboard.press(on.isPast ? 'Shift+Tab' : 'Tab');
    }
    assert.fail(`Tab does not reach ${String(name)}: ${passed.join(' | ')}`);
  };
  return {
    get presses() {
      return presses;
    },
    tabTo,
    async press(name) {
      await tabTo(name);
      presses += 1;
      await page.keyboard.press('Enter');
    },
    async type(name, text) {
      await tabTo(name);
      await page.keyboard.type(text);
    },
  };
}
