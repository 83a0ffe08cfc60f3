import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { beginOrder, lookAfter, lookAtFocus, type StepKey } from './lookAtFocus.ts';

/** Most times that a person presses Tab to reach what is wanted. */
const MOST = 120;

/** A file that a person has in a folder. */
interface GivenFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** A person at a page who has no mouse. */
export interface Keyboard {
  /** Number of times that something was pressed; the way to it by Tab does not count. */
  readonly presses: number;
  /** Goes by Tab to what is named, or back to it by Shift and Tab if it stands before; in a group of radio buttons, by arrows. */
  tabTo(name: string | RegExp): Promise<void>;
  /** Goes by Tab to what is named, and presses it. */
  press(name: string | RegExp): Promise<void>;
  /** Goes by Tab to a box, and ticks it. */
  tick(name: string | RegExp): Promise<void>;
  /** Goes by Tab to a field, and types into it, which must have the text and the focus afterwards. */
  type(name: string | RegExp, text: string): Promise<void>;
  /** Goes by Tab to a field for files, and chooses one in the window that the browser opens. */
  give(name: string | RegExp, file: GivenFile): Promise<void>;
}

/** Name of what has the focus, as a screen reader says it. */
export async function focusedName(page: Page): Promise<string> {
  return (await lookAtFocus(page)).name;
}

/** Text of the field that has the focus, or the words of its choice; empty if it is not a field. */
async function focusedText(page: Page): Promise<string> {
  return await page.evaluate(() => {
    const { activeElement: field } = document;
    if (field instanceof HTMLSelectElement) return field.selectedOptions[0]?.text ?? '';
    const isText = field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement;
    return isText ? field.value : '';
  });
}

/**
 * Uses a page by its keyboard alone. It fails if Tab does not reach what is wanted within a bound of presses; and if on the way
 * the focus cannot be seen, lies under something, or goes back up the page.
 *
 * @param page - The page.
 */
export function byKeyboard(page: Page): Keyboard {
  let presses = 0;
  // The browser keeps its window for files shut from now on: to say so as one is opened is too late.
  page.on('filechooser', () => undefined);
  const tabTo = async (name: string | RegExp): Promise<void> => {
    const passed: string[] = [];
    await beginOrder(page);
    let key: StepKey | undefined;
    for (let pressed = 0; pressed < MOST; pressed += 1) {
      const on = await (key === undefined ? lookAtFocus(page, name) : lookAfter(page, key, name));
      if (key !== undefined) assert.deepEqual(on.faults, [], on.name);
      if (on.isThere) return;
      passed.push(on.name.slice(0, 40));
      key = on.isInGroup ? 'ArrowDown' : on.isPast ? 'Shift+Tab' : 'Tab';
      await page.keyboard.press(key);
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
    async tick(name) {
      await tabTo(name);
      presses += 1;
      await page.keyboard.press('Space');
    },
    async type(name, text) {
      await tabTo(name);
      await page.keyboard.type(text);
      const has = await focusedText(page);
      assert.ok(
        has.includes(text),
        `“${text}” was typed into ${String(name)}: the focus has “${has}”`,
      );
    },
    async give(name, file) {
      await tabTo(name);
      if (page.context().browser()?.browserType().name() === 'firefox') {
        // It opens its window for files to a test once.
        await page.locator('input[type=file]:focus').setInputFiles(file);
        return;
      }
      const choosing = page.waitForEvent('filechooser');
      await page.keyboard.press('Enter');
      await (await choosing).setFiles(file);
    },
  };
}
