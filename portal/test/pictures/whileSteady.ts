import type { JSHandle, Page } from 'playwright-core';

/** Takes back what was changed on a page. */
interface Change {
  undo(): void;
}

/**
 * Shows a page without all that differs from run to run, while something is done: no time of the day, no random key, hash, word
 * or code, no list in an order that keys decide, no motion and no caret. The page is as it was afterwards.
 *
 * @param page - A page of the portal, or the gallery, in English.
 * @param run - Takes a picture.
 */
export async function whileSteady<Result>(page: Page, run: () => Promise<Result>): Promise<Result> {
  await page.mouse.move(0, 0);
  await page.evaluate(async () => await document.fonts.ready);
  const change: JSHandle<Change> = await page.evaluateHandle(steady);
  try {
    return await run();
  } finally {
    await change.evaluate((each) => each.undo());
    await change.dispose();
  }
}

/** Runs in the page. */
function steady(): Change {
  const undone: (() => void)[] = [];
  const sheet = new CSSStyleSheet();
  // The type of machines for codes is the device's.
  sheet.replaceSync(`
    :root { --mono: var(--font); }
    *, ::before, ::after {
      animation: none !important;
      transition: none !important;
      caret-color: transparent !important;
    }
    progress:not([value]), .qr path { visibility: hidden; }`);
  document.adoptedStyleSheets.push(sheet);
  undone.push(() => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
  });

  const random = '.words, .code';
  // Keys decide which of several records a sentence names.
  const named = ':not(li) > a[href^="#/records/"]';
  const plain = (text: string, parent: Element | null): string => {
    if (parent?.matches(named) === true) return 'Record';
    if (parent !== null && parent.closest(random) !== null) return text.replaceAll(/\S+/g, 'word');
    return (
      text
        .replaceAll(/\b(?=[0-9a-f]*\d)(?:0x)?[0-9a-f]{4,}(?:…[0-9a-f]+)?\b/g, (code) =>
          /^\d{4}$/.test(code) ? code : code.replaceAll(/[0-9a-f]/g, '0'),
        )
        .replaceAll(/\b[A-Z]{4}-[A-Z]{4}-[A-Z]{4}\b/g, 'AAAA-AAAA-AAAA')
        .replaceAll(/\b\d\d:\d\d(?::\d\d)?\b/g, '09:00')
        // The words of a new key that the page asks for.
        .replaceAll(/\bWord \d+\b/g, 'Word 1')
    );
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const each = node as Text;
    const [before, after] = [each.data, plain(each.data, each.parentElement)];
    if (before === after) continue;
    each.data = after;
    undone.push(() => {
      if (each.data === after) each.data = before;
    });
  }
  for (const field of document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    'input:not([type]), input[type=text], input[type=datetime-local], textarea',
  )) {
    const isMoment = field.type === 'datetime-local' && field.value !== '';
    const before = field.value;
    const after = isMoment ? before.replace(/T.*/, 'T09:00') : plain(before, field);
    if (before === after) continue;
    field.value = after;
    undone.push(() => {
      if (field.value === after) field.value = before;
    });
  }
  for (const list of [
    ...document.querySelectorAll('main ul, main tbody, main fieldset.choices'),
  ].toReversed()) {
    const before = [...list.children];
    const lines = before.filter((each) => each.matches('li, tr, .choice'));
    const after = lines.toSorted((a, b) =>
      (a.textContent ?? '') < (b.textContent ?? '') ? -1 : 1,
    );
    if (lines.every((each, place) => each === after[place])) continue;
    list.append(...after);
    undone.push(() => list.append(...before));
  }
  return { undo: () => undone.toReversed().forEach((each) => each()) };
}
