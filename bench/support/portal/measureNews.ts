import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { Hono } from 'hono';
import type { Browser } from 'playwright-core';
import type { NewsLines } from '../../../portal/test/barePage.ts';
import { openVisit } from '../../../portal/test/openVisit.ts';
import type { RunningPortal } from '../../../portal/test/startPortal.ts';
import { listen } from '../../../src/http/listen.ts';
import { median } from './median.ts';

const PATIENT = 'Ana Ferreira';
/** The page's code, to be bundled. */
const DRAW = "import { drawLines } from '../../../portal/test/barePage.ts'; drawLines();";
const LINES: NewsLines = [
  'A doctor opened your record',
  'A laboratory added a result',
  'You opened it',
];

/**
 * Tells how long the portal takes from its address on to the way in, to the heading of a patient's home and to who looked,
 * with the press of a button in between, beside a page of React alone that fetches three lines and draws them: at a first visit,
 * and at the next in the same browser. They take turns. The processor time is that of the page's thread, at a first visit.
 *
 * @param browser - The browser.
 * @param portal - The demonstration.
 * @param rounds - Number of visits to each.
 */
export async function measureNews(
  browser: Browser,
  portal: RunningPortal,
  rounds: number,
): Promise<Readonly<Record<string, number>>> {
  const bare = await serveBare();
  const pages = [
    { url: bare.url, called: '' },
    { url: `${portal.url}/hospital/portal/`, called: PATIENT },
  ];
  const times: Visits[][] = pages.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [place, { url, called }] of pages.entries()) {
      times[place]?.push(await untilNews(browser, url, called));
    }
  }
  await bare.close();
  const [plain = [], visits = []] = times;
  const result: Record<string, number> = { 'bytes of a bare React page, gzipped': bare.bytes };
  for (const [nth, name] of VISITS) {
    const lines = median(plain.map((each) => each[nth].news));
    result[`${name}: lines of a bare React page, ms`] = Math.round(lines);
    for (const [moment, what] of MOMENTS) {
      const took = median(visits.map((each) => each[nth][moment]));
      result[`${name}: ${what}, ms`] = Math.round(took);
      result[`${name}: ${what} ÷ bare React page`] = Number((took / lines).toFixed(1));
    }
    result[`${name}: requests until the news`] = median(visits.map((each) => each[nth].requests));
  }
  const [bareWork, work] = [plain, visits].map((all) => median(all.map(({ first }) => first.work)));
  result['bare React page, processor time, ms'] = Math.round(bareWork ?? 0);
  result['news of Home, processor time, ms'] = Math.round(work ?? 0);
  return result;
}

/** Milliseconds after the address was opened. */
type Moments = Readonly<Record<'entry' | 'home' | 'news', number>>;

/** A visit until its news: its moments, the processor time of its thread in milliseconds, and its requests. */
interface NewsVisit extends Moments {
  readonly work: number;
  readonly requests: number;
}

/** Visits of one browser. */
type Visits = Readonly<Record<'first' | 'again', NewsVisit>>;

const VISITS = [
  ['first', 'first visit'],
  ['again', 'next visit'],
] as const;

const MOMENTS = [
  ['entry', 'way in'],
  ['home', 'heading of Home'],
  ['news', 'news of Home'],
] as const;

async function untilNews(browser: Browser, url: string, called: string): Promise<Visits> {
  const visit = await openVisit(browser, { serviceWorkers: 'block' });
  const { page } = visit;
  await page.addInitScript(noteNews, called);
  let requests = 0;
  page.on('request', () => {
    requests += 1;
  });
  const tools = await page.context().newCDPSession(page);
  await tools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const open = async (): Promise<NewsVisit> => {
    requests = 0;
    await page.goto(url);
    await page.waitForFunction(() => 'moments' in globalThis);
    const moments = await page.evaluate(
      () => (globalThis as unknown as { moments: Moments }).moments,
    );
    const { metrics } = await tools.send('Performance.getMetrics');
    const work = metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
    return { ...moments, work: work * 1000, requests };
  };
  const first = await open();
  // By then the browser keeps what was proven.
  await page.waitForLoadState('networkidle');
  await page.goto('about:blank');
  const again = await open();
  await visit.close();
  return { first, again };
}

/** Runs in the page before its code: presses the button of a person when it stands, and notes when headings and news do. */
function noteNews(called: string): void {
  let isPressed = called === '';
  let entry: number | undefined;
  let home: number | undefined;
  new MutationObserver((_, seen) => {
    const buttons = isPressed ? [] : document.querySelectorAll('main button');
    for (const button of buttons) {
      if (!button.textContent.startsWith(called)) continue;
      isPressed = true;
      (button as HTMLButtonElement).click();
    }
    if (document.querySelector('main h1') !== null) {
      entry ??= performance.now();
      if (location.hash !== '') home ??= performance.now();
    }
    if (document.querySelector('main .timeline li') === null) return;
    seen.disconnect();
    // After the frame that shows it.
    requestAnimationFrame(() =>
      setTimeout(() =>
        Object.assign(globalThis, { moments: { entry, home, news: performance.now() } }),
      ),
    );
  }).observe(document, { childList: true, subtree: true });
}

interface BarePage {
  readonly url: string;
  readonly bytes: number;
  close(): Promise<void>;
}

/** Serves the page of React alone, compressed as the portal is. */
async function serveBare(): Promise<BarePage> {
  const { outputFiles } = await build({
    stdin: { contents: DRAW, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
  });
  const page =
    '<!doctype html><title>News</title><body><script type="module" src="./page.js"></script>';
  const code = outputFiles[0]?.text ?? '';
  const [packedPage, packedCode] = [page, code].map((text) => gzipSync(text, { level: 9 }));
  const packed = { 'content-encoding': 'gzip' };
  const app = new Hono();
  app.get('/', (c) =>
    c.body(new Uint8Array(packedPage ?? []), 200, { ...packed, 'content-type': 'text/html' }),
  );
  app.get('/page.js', (c) =>
    c.body(new Uint8Array(packedCode ?? []), 200, { ...packed, 'content-type': 'text/javascript' }),
  );
  app.get('/lines.json', (c) => c.json(LINES));
  const server = await listen(app, 0);
  const bytes = (packedPage?.length ?? 0) + (packedCode?.length ?? 0);
  return { url: `${server.url}/`, bytes, close: async () => await server.close() };
}
