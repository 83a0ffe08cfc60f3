import { createHash } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import type { BrowserContext, Page } from 'playwright-core';
import { builtPortal } from './servePortal.ts';

/** Letters of a script that is written from right to left, in place of those of English. */
const LETTERS = 'אבגדהוזחטיכלמנסעפצקרשת';
/** By how much a text becomes longer. */
const LONGER = 0.4;

/**
 * Serves the portal in a language that nobody speaks to the pages of a context: each English text in letters that are written
 * from right to left, longer by two fifths. Only the words differ from what was built, and the pins of their files.
 *
 * @param context - A context without service workers.
 */
export async function speakPseudo(context: BrowserContext): Promise<void> {
  const { files } = await builtPortal();
  const text = (path: string): string => Buffer.from(files.get(path) ?? []).toString();
  // The page sets the direction of its language on its root.
  let page = text('index.html').replace('<body', '<body dir="rtl"');
  const [map = ''] = /(?<=<script type="importmap">)[^<]+/.exec(page) ?? [];
  const isEnglish = (path: string): boolean =>
    /\["(?:Add to your records|Skip to the content|Waits for you|Your prescriptions)"\]/.test(
      text(path),
    );
  const paths = [...files.keys()].filter((path) => path.endsWith('.js') && isEnglish(path));
  if (paths.length < 4) throw new Error('the words of English were not found');
  for (const path of paths) {
    const spoken = text(path).replace(/JSON\.parse\((?:`[^`]*`|'(?:[^'\\]|\\.)*')\)/, pseudoModule);
    page = page.replaceAll(pinOf(text(path)), pinOf(spoken));
    await context.route(`**/portal/${path}`, async (route) => {
      await route.fulfill({ body: spoken, contentType: 'text/javascript' });
    });
  }
  const [changed = ''] = /(?<=<script type="importmap">)[^<]+/.exec(page) ?? [];
  const body = page.replace(pinOf(map), pinOf(changed));
  await context.route(/\/portal\/$/, async (route) => {
    await route.fulfill({ body, contentType: 'text/html; charset=utf-8' });
  });
}

/**
 * Returns the Latin words that are seen on a page, or read out, outside of code, drawings and the words of a key.
 *
 * @param page - The page.
 */
export async function latinWords(page: Page): Promise<readonly string[]> {
  return await page.evaluate(() => {
    const found: string[] = [];
    const shown = [...document.querySelectorAll('body *')].filter(
      (each) =>
        each.checkVisibility() &&
        each.closest('code, pre, svg, .code, .language, [translate=no]') === null,
    );
    for (const each of shown) {
      const texts = [...each.childNodes].flatMap((node) =>
        node.nodeType === Node.TEXT_NODE ? [node.textContent ?? ''] : [],
      );
      for (const name of ['aria-label', 'title', 'alt', 'placeholder']) {
        texts.push(each.getAttribute(name) ?? '');
      }
      // An address has letters too, and so has what tells a device from others.
      const words = texts.join(' ').replaceAll(/0x[0-9a-f]+|[A-Z]{4}-[A-Z]{4}-[A-Z]{4}/g, '');
      found.push(...(words.match(/[A-Za-z]{3,}/g) ?? []));
    }
    return [...new Set(found)];
  });
}

function pinOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** Returns compiled messages in the other language, as the words of a module have them. */
function pseudoModule(literal: string): string {
  const [, given = ''] = /^JSON\.parse\((.*)\)$/s.exec(literal) ?? [];
  const words = JSON.parse(runInNewContext(given) as string) as Record<string, unknown[]>;
  const spoken = Object.entries(words).map(([key, message]) => [key, pseudoMessage(message)]);
  return `JSON.parse(${JSON.stringify(JSON.stringify(Object.fromEntries(spoken)))})`;
}

/** A compiled message has texts, and placeholders with their name, kind and choices of messages. */
function pseudoMessage(message: readonly unknown[]): readonly unknown[] {
  return message.map((part) => {
    if (typeof part === 'string') return part === '#' ? part : pseudoText(part);
    if (!Array.isArray(part)) return part;
    return part.map((each: unknown, place) => {
      if (place < 2 || typeof each !== 'object' || each === null) return each;
      return Object.fromEntries(
        Object.entries(each).map(([choice, inner]: [string, unknown]) => [
          choice,
          Array.isArray(inner) ? pseudoMessage(inner) : inner,
        ]),
      );
    });
  });
}

function pseudoText(text: string): string {
  const spoken = text.replaceAll(/[A-Za-z]/g, (letter) => {
    return LETTERS.charAt(letter.toLowerCase().charCodeAt(0) % LETTERS.length);
  });
  const letters = text.match(/[A-Za-z]/g)?.length ?? 0;
  // In words, so that it breaks like a language.
  const more = 'שלום '.repeat(Math.ceil((letters * LONGER) / 5)).trimEnd();
  return more === ''
    ? spoken
    : `${spoken}${text.endsWith(' ') ? '' : ' '}${more}${text.endsWith(' ') ? ' ' : ''}`;
}
